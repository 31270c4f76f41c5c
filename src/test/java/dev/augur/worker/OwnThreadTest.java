package dev.augur.worker;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Work that ends, fails, or ends too late. */
class OwnThreadTest {
    private final List<String> late = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void yieldsWhatEndsInTimeAndNothingIsLate() throws Exception {
        assertThat(own(() -> "done").call()).isEqualTo("done");
        assertThat(late).isEmpty();
    }

    @Test
    void tellsWhyItFailed() {
        assertThatThrownBy(() -> own(() -> {
                            throw new IllegalStateException("broken");
                        })
                        .call())
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("broken");
    }

    @Test
    void handsOverWhatEndsAfterNobodyWaitsForIt() throws Exception {
        var slow = own(() -> {
            gate.await();
            return "late";
        });
        assertThatThrownBy(slow::call).isInstanceOf(TimeoutException.class);
        gate.countDown();
        eventually(() -> late.equals(List.of("late")));
    }

    private OwnThread<String> own(Callable<String> work) {
        return new OwnThread<>("test", Duration.ofMillis(200), work, late::add);
    }
}
