package dev.augur.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunPaceTest {
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

    private void ran(long nanos, int requests, int runs) {
        for (int i = 0; i < runs; i++) {
            pace.ended(nanos, requests);
        }
    }
}
