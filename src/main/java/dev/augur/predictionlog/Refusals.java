package dev.augur.predictionlog;

import dev.augur.error.ErrorCode;
import dev.augur.predictionlog.PredictionRecord.Status;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many records of refused requests there may be: so many a second are kept, for junk costs its senders nothing and
 * would fill the disk; the others are counted by status and reason. A request about an entity that a store does not
 * know is not one of them. Thread-safe.
 */
final class Refusals {
    private final int perSecond;
    private final TreeMap<String, Long> counts = new TreeMap<>(); // one for each error code at most
    private long second;
    private int kept;
    private long count;
    private String node = "";
    private @Nullable Instant since;
    private Instant until = Instant.EPOCH;

    Refusals(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Whether this record is to be stored; if not, it has been counted. */
    boolean keeps(LogRecord record) {
        return !(record instanceof PredictionRecord prediction) || !isRefusal(prediction) || keepsRefusal(prediction);
    }

    /** The record of what was counted since the last one; empty if nothing was. */
    synchronized Optional<RefusalsRecord> summary() {
        var first = since;
        if (first == null) {
            return Optional.empty();
        }
        var record = new RefusalsRecord(
                PredictionRecord.SCHEMA_VERSION,
                RefusalsRecord.TYPE,
                UUID.randomUUID().toString(),
                node,
                first,
                until,
                count,
                counts);
        counts.clear();
        count = 0;
        since = null;
        return Optional.of(record);
    }

    private synchronized boolean keepsRefusal(PredictionRecord prediction) {
        long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        if (now != second) {
            second = now;
            kept = 0;
        }
        if (kept < perSecond) {
            kept++;
            return true;
        }
        count(prediction);
        return false;
    }

    private void count(PredictionRecord record) {
        var status = record.httpStatus;
        counts.merge((status == null ? "" : status + " ") + record.errorCode, 1L, Long::sum);
        count++;
        node = record.node;
        until = record.receivedAt;
        since = since == null ? until : since;
    }

    /** Whether it is a record of a refused request, which may not be kept. */
    static boolean isRefusal(PredictionRecord record) {
        var status = record.status();
        return status == Status.SHED || (status == Status.CLIENT_ERROR && !isUnknownEntity(record));
    }

    /** Whom a store does not know yet is no junk: the answer depended on what the store held then. */
    private static boolean isUnknownEntity(PredictionRecord record) {
        return record.featureSource != null && record.errorCode == ErrorCode.NOT_FOUND;
    }
}
