package dev.augur.demo;

import dev.augur.predictionlog.Origin;
import dev.augur.timeline.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * The tutorial's request. Thread-safe.
 *
 * @param origin what its client tells of it, for the record
 * @param timeline of the request; {@code null} where nobody is told
 */
public record PredictRequest(long itemId, double featureValue, Origin origin, @Nullable Timeline timeline) {
    /** The request of a client that tells nothing. */
    public PredictRequest(long itemId, double featureValue) {
        this(itemId, featureValue, Origin.UNKNOWN, /* timeline= */ null);
    }

    /** The same request of a client that tells this of it, with its timeline. */
    public PredictRequest from(Origin told, @Nullable Timeline ofRequest) {
        return new PredictRequest(itemId, featureValue, told, ofRequest);
    }
}
