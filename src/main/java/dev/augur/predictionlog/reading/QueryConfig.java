package dev.augur.predictionlog.reading;

/**
 * What questions to the prediction log may cost. Immutable, thread-safe.
 *
 * @param scanBytes how much of the log one request reads at most, but for one line
 * @param indexSize records whose place is kept in memory, to find them by their id
 * @param queue requests that may wait for a worker; further ones are refused
 * @param stragglers a writer has nothing more since a time when so many lines in a row are older: records that waited
 *     for their acknowledgement stand among later ones
 */
public record QueryConfig(long scanBytes, int indexSize, int queue, int stragglers) {}
