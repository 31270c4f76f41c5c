package dev.augur.feature;

import dev.augur.setting.Section;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Vertx;

/**
 * One kind of feature store: reads its settings, and opens it later. Found by {@link java.util.ServiceLoader}, so a
 * line in {@code META-INF/services} is all that a server knows of it. Thread-safe.
 */
public interface FeatureStoreKind {
    /** What {@code kind} is in the configuration of such a store. */
    String name();

    /**
     * Reads the settings of one store, before there is a Vert.x. What is returned is used only if no problem was
     * reported.
     *
     * @param settings those of the store alone
     */
    Opening read(Section settings);

    /** A store that is configured but not open yet. */
    @FunctionalInterface
    interface Opening {
        /**
         * Opens the store. What it needs need not be there yet: a store that cannot be reached fails its fetches until
         * it can.
         *
         * @param workers for what blocks
         */
        FeatureStore open(Vertx vertx, WorkerPool workers);

        /** What is returned for settings with a problem, which stops the start: it opens nothing. */
        static Opening none() {
            return (vertx, workers) -> {
                throw new IllegalStateException("the settings of this feature store have problems");
            };
        }
    }
}
