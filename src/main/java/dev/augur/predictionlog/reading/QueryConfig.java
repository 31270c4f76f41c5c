package dev.augur.predictionlog.reading;

import java.time.Duration;

/**
 * What questions to the prediction log may cost. Immutable, thread-safe.
 *
 * @param scanBytes how much of the log one request reads at most, but for one line
 * @param indexSize records whose place is kept in memory, to find them by their id
 * @param queue requests that may wait for a worker; further ones are refused
 * @param stragglers a writer has nothing more since a time when so many lines in a row are older: records that waited
 *     for their acknowledgement stand among later ones
 * @param patience how long another node may take for its answer
 */
public record QueryConfig(long scanBytes, int indexSize, int queue, int stragglers, Duration patience) {
    /** Of a log that no other node asks. */
    public QueryConfig(long scanBytes, int indexSize, int queue, int stragglers) {
        this(scanBytes, indexSize, queue, stragglers, Duration.ofSeconds(5));
    }
}
