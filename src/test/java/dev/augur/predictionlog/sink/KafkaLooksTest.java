package dev.augur.predictionlog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a topic is not looked into, or no more. */
class KafkaLooksTest {
    private static final Set<String> IDS = Set.of("a", "b");

    private int looks;

    @Test
    void aTopicThatDoesNotAnswerIsLookedIntoAgainAndNotForEver() {
        var failing = looks(new TimeoutException("late"));
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> failing.among(IDS, 0)).isInstanceOf(TimeoutException.class);
        }
        var seen = failing.among(IDS, 0);
        assertThat(seen.ids()).isEmpty();
        assertThat(seen.gap()).contains("late");
    }

    @ValueSource(booleans = {true, false})
    @ParameterizedTest
    void aTopicThatCannotBeReadIsNotWaitedFor(boolean allowed) {
        var failing = looks(allowed ? new KafkaException("damaged") : new TopicAuthorizationException("closed"));
        assertThat(failing.among(IDS, 0).gap()).contains(allowed ? "damaged" : "closed");
        assertThat(failing.among(IDS, 0).gap()).contains(allowed ? "damaged" : "closed");
        assertThat(looks).as("for a while").isEqualTo(1);
    }

    @Test
    void aTopicWhoseCodecCannotBeLoadedIsNotWaitedFor() {
        var failing = new KafkaLooks((ids, since) -> {
            throw new UnsatisfiedLinkError("no codec");
        });
        assertThat(failing.among(IDS, 0).gap()).contains("no codec");
    }

    @Test
    void aTopicThatHasTooMuchIsNotReadForEachBatch() {
        var partial = new KafkaLooks((ids, since) -> {
            looks++;
            return new KafkaLook.Seen(Set.of("a"), "too much");
        });
        assertThat(partial.among(IDS, 0).ids()).containsExactly("a");
        assertThat(partial.among(IDS, 0)).isEqualTo(new KafkaLook.Seen(Set.of(), "too much"));
        assertThat(looks).isEqualTo(1);
    }

    @Test
    void aSinkThatIsClosedDoesNotSend() {
        var interrupted = looks(new InterruptException("over"));
        assertThat(Thread.interrupted()).isTrue(); // which the exception has set
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> interrupted.among(IDS, 0)).isInstanceOf(InterruptException.class);
        }
    }

    private KafkaLooks looks(RuntimeException failure) {
        return new KafkaLooks((ids, since) -> {
            looks++;
            throw failure;
        });
    }
}
