package dev.augur.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Percentiles out of counts. */
class LatenciesTest {
    @Test
    void tellsPercentilesOfManyTimes() {
        var latencies = new Latencies();
        for (int micros = 1; micros <= 100_000; micros++) {
            latencies.add(micros);
        }
        assertThat(latencies.count()).isEqualTo(100_000);
        assertThat(latencies.percentile(0.5)).isCloseTo(50, within(3.2));
        assertThat(latencies.percentile(0.9)).isCloseTo(90, within(5.7));
        assertThat(latencies.percentile(0.99)).isCloseTo(99, within(6.2));
        assertThat(latencies.longest()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 17, 31, 32, 33, 1_000, 1L << 39, 1L << 40, Long.MAX_VALUE})
    void holdsAnyTime(long micros) {
        var latencies = new Latencies();
        latencies.add(micros);
        assertThat(latencies.count()).isEqualTo(1);
        double told = latencies.percentile(0.5) * 1_000;
        double expected = Math.min(micros, (1L << 40) - 1);
        assertThat(told).isGreaterThanOrEqualTo(expected).isLessThanOrEqualTo(expected * 17 / 16 + 1);
    }

    @Test
    void knowsNothingOfNone() {
        assertThat(new Latencies().count()).isZero();
        assertThat(new StageLatencies().json()).isEmpty();
    }
}
