package dev.augur.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void anExpectedFailureHasNoStackTrace() {
        assertThat(new ServingException(ErrorCode.OVERLOADED, "full").getStackTrace())
                .isEmpty();
    }
}
