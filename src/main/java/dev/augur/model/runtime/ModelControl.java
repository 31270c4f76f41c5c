package dev.augur.model.runtime;

import io.vertx.core.Future;

/** Loads and unloads the models of this node. Thread-safe; never blocks the caller. */
public interface ModelControl {
    /**
     * Loads the newest version on disk, or loads it again: the loaded one answers until the new one can, and is closed
     * when the last of its requests has ended. Fails with {@code NOT_FOUND} for a model that is not on disk, with
     * {@code INVALID_ARGUMENT} and the reason for one that cannot be loaded; the loaded one then goes on.
     */
    Future<Void> load(String name);

    /** Unloads a model; its requests are answered first. Fails with {@code NOT_FOUND} for a model that is not known. */
    Future<Void> unload(String name);
}
