package dev.augur.demo;

import dev.augur.predictionlog.Origin;

/**
 * The tutorial's request. Thread-safe.
 *
 * @param origin what its client tells of it, for the record
 */
public record PredictRequest(long itemId, double featureValue, Origin origin) {
    /** The request of a client that tells nothing. */
    public PredictRequest(long itemId, double featureValue) {
        this(itemId, featureValue, Origin.UNKNOWN);
    }

    /** The same request of a client that tells this of it. */
    public PredictRequest from(Origin told) {
        return new PredictRequest(itemId, featureValue, told);
    }
}
