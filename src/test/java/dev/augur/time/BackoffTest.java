package dev.augur.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(100));
    private final Random random = new Random(1);

    @Test
    void doublesUpToItsLimit() {
        assertThat(IntStream.rangeClosed(1, 6).mapToObj(backoff::after))
                .extracting(Duration::toMillis)
                .containsExactly(10L, 20L, 40L, 80L, 100L, 100L);
        assertThat(backoff.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void neverIsLongerThanItsLimitNotEvenFirst() {
        assertThat(new Backoff(Duration.ofSeconds(1), Duration.ofMillis(5)).after(1))
                .isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void takesAnyTimeFromNothingToThePause() {
        for (int tries = 1; tries < 100; tries++) {
            int count = tries;
            long limit = backoff.after(tries).toNanos();
            var drawn = LongStream.range(0, 200)
                    .map(i -> backoff.anyAfter(count, random).toNanos())
                    .summaryStatistics();
            assertThat(drawn.getMin()).isBetween(0L, limit / 2);
            assertThat(drawn.getMax()).isBetween(limit / 2, limit);
        }
    }

    @Test
    void takesNoLessThanHalfThePause() {
        for (int i = 0; i < 200; i++) {
            assertThat(backoff.halfAfter(3, random)).isBetween(Duration.ofMillis(20), Duration.ofMillis(40));
        }
    }
}
