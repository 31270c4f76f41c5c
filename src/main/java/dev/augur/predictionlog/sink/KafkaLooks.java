package dev.augur.predictionlog.sink;

import java.time.Duration;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Looks into a topic, but where that is of no use: nothing waits for a look for ever. Called once the topic was
 * reached. Used by one worker at a time.
 */
final class KafkaLooks {
    private static final int MOST_FAILURES = 5;
    /** A topic of which too much has to be read is not read for each batch. */
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Look look;
    private int failures; // in a row
    private KafkaLook.Seen last = new KafkaLook.Seen(Set.of(), "");
    private long lastNanos;

    /** As {@link KafkaLook#among} does. */
    @FunctionalInterface
    interface Look {
        KafkaLook.Seen among(Set<String> ids, long sinceMillis);
    }

    KafkaLooks(Look look) {
        this.look = look;
    }

    /**
     * Those of some records that the topic has; none where it may not, or cannot, be read.
     *
     * @throws RetriableException if the brokers do not answer, and have answered lately
     */
    KafkaLook.Seen among(Set<String> ids, long sinceMillis) {
        if (!last.whole() && System.nanoTime() - lastNanos < PAUSE_NANOS) {
            return KafkaLook.Seen.nothing(last.gap());
        }
        last = now(ids, sinceMillis);
        lastNanos = System.nanoTime();
        return last;
    }

    private KafkaLook.Seen now(Set<String> ids, long sinceMillis) {
        try {
            var seen = look.among(ids, sinceMillis);
            failures = 0;
            return seen;
        } catch (InterruptException e) {
            throw e;
        } catch (RetriableException e) {
            if (++failures < MOST_FAILURES) {
                throw e;
            }
            return KafkaLook.Seen.nothing(e.toString());
        } catch (KafkaException | LinkageError e) { // the latter of a codec whose library is not to be loaded
            return KafkaLook.Seen.nothing(e.toString());
        }
    }
}
