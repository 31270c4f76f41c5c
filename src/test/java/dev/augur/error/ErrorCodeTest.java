package dev.augur.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void keepsItsNumbers() {
        var numbers = Arrays.stream(ErrorCode.values())
                .map(code -> code + "=" + code.number())
                .collect(Collectors.joining(" "));
        assertThat(numbers)
                .isEqualTo("INVALID_ARGUMENT=1 NOT_FOUND=2 METHOD_NOT_ALLOWED=3 TOO_LARGE=4 UNSUPPORTED_MEDIA_TYPE=5"
                        + " REQUEST_TIMEOUT=6 OVERLOADED=7 NOT_READY=8 FEATURES_UNAVAILABLE=9 DEADLINE_EXCEEDED=10"
                        + " CANCELLED=11 PREDICTION_FAILED=12 INTERNAL=13");
    }

    @Test
    void anExpectedFailureHasNoStackTrace() {
        assertThat(new ServingException(ErrorCode.OVERLOADED, "full").getStackTrace())
                .isEmpty();
    }
}
