package dev.augur.feature;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;

/** How the fetch of one entity ended. Thread-safe. */
interface FetchOutcome {
    /** The store knows it. */
    record Found(FeatureVector vector) implements FetchOutcome {}

    /** The store does not know it. */
    record Unknown() implements FetchOutcome {}

    /** The store said nothing that can be used. */
    record Failed(LookupFailure kind, ServingException exception) implements FetchOutcome {
        static Failed because(LookupFailure kind, String message) {
            return new Failed(kind, new ServingException(ErrorCode.FEATURES_UNAVAILABLE, message));
        }
    }
}
