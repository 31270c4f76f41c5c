package dev.augur.access;

import io.vertx.core.Future;
import java.util.Optional;

/** Knows who asks. Thread-safe; never blocks the caller. */
public interface Doorkeeper {
    /** For a server that everybody may ask. */
    Doorkeeper OPEN = new Doorkeeper() {
        @Override
        public Future<Principal> identify(String shown) {
            return Future.succeededFuture(new Principal("", Grants.ALL));
        }

        @Override
        public Optional<Principal> certified(String name) {
            return Optional.empty();
        }
    };

    /**
     * Whose key or token that is. Fails with {@code UNAUTHENTICATED} if it is nobody's or has expired,
     * {@code OVERLOADED} when too many wait to be checked, {@code NOT_READY} when there is nothing yet to check them
     * by. Completes at once, or on the caller's context.
     */
    Future<Principal> identify(String shown);

    /** Who that is whose certificate has this name and was verified; empty where certificates allow nothing. */
    Optional<Principal> certified(String name);

    /** Whether anybody has to show anything. */
    default boolean isChecked() {
        return this != OPEN;
    }
}
