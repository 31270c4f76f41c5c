package dev.augur.feature.remote;

import dev.augur.error.ServingException;
import io.vertx.core.Future;

/**
 * One kind of client. Thread-safe.
 *
 * @param <C> the client
 */
public interface Remote<C> {
    /** The store's name in messages. */
    String store();

    /** A client that connects when it is first used. */
    C open();

    /** Frees its connections; what is on its way fails. */
    Future<Void> close(C client);

    /** Whether a client that failed so is to be replaced by one that is opened now. */
    default boolean outlived(Throwable failure) {
        return false;
    }

    /** The failure that a caller gets for a failure of the client. */
    ServingException explain(Throwable failure);
}
