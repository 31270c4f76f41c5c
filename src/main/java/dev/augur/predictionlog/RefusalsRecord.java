package dev.augur.predictionlog;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many requests were refused that have no record of their own, because there were too many of them. In the ledger
 * it is one JSON object with these fields in this order, in snake case. Immutable, thread-safe.
 *
 * @param schemaVersion version of this layout
 * @param type {@link #TYPE}
 * @param recordId unique; the same on every try to store this record
 * @param node the node that refused them
 * @param receivedAt when the first of them came
 * @param until when the last of them came
 * @param count all of them
 * @param refused how many for which reason, such as {@code 400 INVALID_ARGUMENT}
 */
public record RefusalsRecord(
        int schemaVersion,
        String type,
        String recordId,
        String node,
        Instant receivedAt,
        Instant until,
        long count,
        Map<String, Long> refused)
        implements LogRecord {

    /** What tells these records from others. */
    public static final String TYPE = "refusals";

    public RefusalsRecord {
        refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
    }
}
