package dev.augur.feature.remote;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;

/** The one failure of a store: it could not say what was asked. Thread-safe. */
public final class Unavailable {
    private Unavailable() {}

    /**
     * The failure as the caller gets it.
     *
     * @param store the store's name
     * @param reason what it did, without secrets and addresses
     */
    public static ServingException of(String store, String reason) {
        return new ServingException(ErrorCode.FEATURES_UNAVAILABLE, "feature store \"" + store + "\": " + reason);
    }
}
