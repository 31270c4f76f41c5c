package dev.augur.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerTimingTest {
    private final Timeline timeline = new Timelines().begin();

    @ParameterizedTest
    @CsvSource({
        "0, 0.000",
        "999, 0.000",
        "1000, 0.001",
        "85999, 0.085",
        "1200000, 1.200",
        "12003000, 12.003",
        "3600000000000, 3600000.000",
        "9223372036854775807, 9223372036854.775"
    })
    void tellsMillisecondsWithThreeDecimals(long nanos, String millis) {
        assertThat(ServerTiming.of(timeline, nanos)).isEqualTo("total;dur=" + millis);
    }

    @Test
    void tellsEveryStageThatIsOverInOrder() {
        var began = Instant.parse("2026-01-02T03:04:05.000100Z");
        for (Stage stage : Stage.ALL) {
            timeline.took(stage, began, began.plus(Duration.ofNanos(1_010_000L * (1 + stage.place()))), null);
        }
        assertThat(ServerTiming.of(timeline, 7_000_000))
                .isEqualTo("fetch;dur=1.010, queue;dur=2.020, predict;dur=3.030, encode;dur=4.040, answer;dur=5.050,"
                        + " record;dur=6.060, total;dur=7.000");
    }

    @Test
    void hasRoomForTheLongestTimesThereAre() {
        for (Stage stage : Stage.ALL) {
            timeline.longest(stage, Duration.ofNanos(Long.MAX_VALUE));
        }
        assertThat(ServerTiming.of(timeline, Long.MAX_VALUE)).endsWith("total;dur=9223372036854.775");
    }

    @Test
    void callsWhatAnotherNodeTookNode() {
        assertThat(ServerTiming.ofNode("queue;dur=0.085, total;dur=0.379"))
                .isEqualTo("queue;dur=0.085, node;dur=0.379, ");
    }
}
