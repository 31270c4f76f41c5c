package dev.augur.access;

import io.vertx.core.Future;

/** Knows who asks. Thread-safe; never blocks the caller. */
public interface Doorkeeper {
    /** For a server that everybody may ask. */
    Doorkeeper OPEN = shown -> Future.succeededFuture(new Principal("", Grants.ALL));

    /**
     * Whose key or token that is. Fails with {@code UNAUTHENTICATED} if it is nobody's or has expired,
     * {@code OVERLOADED} when too many wait to be checked, {@code NOT_READY} when there is nothing yet to check them
     * by. Completes at once, or on the caller's context.
     */
    Future<Principal> identify(String shown);

    /** Whether anybody has to show anything. */
    default boolean isChecked() {
        return this != OPEN;
    }
}
