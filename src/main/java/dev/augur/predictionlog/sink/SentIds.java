package dev.augur.predictionlog.sink;

import dev.augur.predictionlog.ledger.RecentIds;
import dev.augur.predictionlog.ledger.RecordKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the records that a topic took last from this process, whoever wrote them: two writers may have a record
 * both. Takes 4 MB once something was sent. Thread-safe.
 */
final class SentIds {
    private @Nullable RecentIds ids;

    /** Takes out of a list what is among them. */
    synchronized void leaveOut(List<KafkaMessage> messages) {
        var known = ids;
        if (known != null) {
            messages.removeIf(message -> known.contains(RecordKey.of(message.recordId())));
        }
    }

    /** The topic has these. */
    synchronized void add(List<KafkaMessage> messages) {
        var known = ids == null ? new RecentIds() : ids;
        ids = known;
        messages.forEach(message -> known.add(RecordKey.of(message.recordId())));
    }
}
