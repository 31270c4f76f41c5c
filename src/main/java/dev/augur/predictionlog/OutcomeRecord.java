package dev.augur.predictionlog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What turned out to be true about a prediction, told afterwards. In the ledger it is one JSON object with these fields
 * in this order, in snake case; the records of predictions have no {@code type}. Immutable, thread-safe.
 *
 * @param schemaVersion version of this layout
 * @param type {@link #TYPE}
 * @param recordId unique; the same on every try to store this record
 * @param predictionId the {@code record_id} of the prediction
 * @param node the node that was told
 * @param receivedAt when it was told
 * @param observedAt when it turned out, if that was said
 * @param outcome a text, a number, a boolean, or a map of plain JSON values
 */
public record OutcomeRecord(
        int schemaVersion,
        String type,
        String recordId,
        String predictionId,
        String node,
        Instant receivedAt,
        @Nullable Instant observedAt,
        Object outcome)
        implements LogRecord {

    /** What tells these records from others. */
    public static final String TYPE = "outcome";
}
