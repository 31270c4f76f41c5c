package dev.augur.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunPaceTest {
    private static final long INPUT_BYTES = 16;

    private final RunPace pace = new RunPace();

    @Test
    void nothingIsThoughtFastBeforeItRan() {
        pace.begins(System.nanoTime());
        assertThat(pace.soon(0)).isFalse();
    }

    @Test
    void fewRequestsForAFastModelAreTakenSoonAndManyAreNot() {
        ran(20_000, 10, 100);
        pace.begins(System.nanoTime() + TimeUnit.MINUTES.toNanos(1)); // however slow this machine is
        assertThat(pace.soon(10)).isTrue();
        assertThat(pace.soon(1_000)).isFalse();
    }

    @Test
    void aSlowModelIsNeverAboutToTakeAny() {
        ran(20_000, 10, 100);
        ran(50_000_000, 10, 1);
        pace.begins(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        assertThat(pace.soon(0)).isFalse();
    }

    @Test
    void aRunThatTakesLongerThanRunsDoIsNotWaitedFor() {
        ran(20_000, 10, 100);
        pace.begins(System.nanoTime() - RunPace.WORTH_NANOS);
        assertThat(pace.soon(0)).isFalse();
    }

    @Test
    void anEventLoopRunsAModelForRequestsThatItAnswersInTime() {
        assertThat(pace.fitsLoop(INPUT_BYTES)).isFalse();
        ran(20_000, 1, 100);
        assertThat(pace.fitsLoop(INPUT_BYTES)).isTrue();
        assertThat(pace.fitsLoop(4 * INPUT_BYTES)).isTrue();
        assertThat(pace.fitsLoop(1_000 * INPUT_BYTES))
                .as("more rows, or a longer text")
                .isFalse();
        assertThat(pace.most()).isBetween(4L, 6L);
        ran(300_000, 1, 100);
        assertThat(pace.fitsLoop(INPUT_BYTES)).isFalse();
        assertThat(pace.most()).isOne();
    }

    private void ran(long nanos, int requests, int runs) {
        for (int i = 0; i < runs; i++) {
            pace.ended(nanos, requests, requests * INPUT_BYTES);
        }
    }
}
