package dev.augur.model.runtime;

import dev.augur.model.VersionPolicy;
import dev.augur.predictionlog.Delivery;
import java.time.Duration;
import java.util.Optional;

/**
 * How one model is served.
 *
 * @param versions which of its versions
 * @param workers who runs it
 * @param admission which requests it takes
 * @param batching which requests are joined
 * @param warmUpRuns how often each version is run before its first request
 * @param limits how long it may take for what cannot be stopped
 * @param delivery when the answer to an inference request may leave, seen from its record
 */
public record ModelConfig(
        VersionPolicy versions,
        Workers workers,
        Admission admission,
        Batching batching,
        int warmUpRuns,
        Limits limits,
        Delivery delivery) {

    /**
     * Who runs a model.
     *
     * @param count threads of a version of its own
     * @param group the group of workers it shares with other models instead
     * @param execution whether event loops may run it, too
     */
    public record Workers(int count, Optional<String> group, Execution execution) {
        /** Workers alone. */
        public Workers(int count, Optional<String> group) {
            this(count, group, Execution.WORKER);
        }
    }

    /**
     * Which requests a model takes.
     *
     * @param queue requests that may wait for a worker; further ones are refused
     * @param maxRows rows one request may have
     * @param timeout how long a request waits that does not say; zero for no limit
     */
    public record Admission(int queue, int maxRows, Duration timeout) {}

    /**
     * Which requests one run answers.
     *
     * @param maxSize rows that are joined at most; a request that has more runs alone
     * @param maxDelay how long a request may wait for others while a worker is free
     * @param ordered whether requests are joined even if the rows may not be independent
     */
    public record Batching(int maxSize, Duration maxDelay, boolean ordered) {
        /** Joins requests to models whose rows are independent. */
        public Batching(int maxSize, Duration maxDelay) {
            this(maxSize, maxDelay, /* ordered= */ false);
        }
    }

    /**
     * How long is waited for a model's code, which may never come back.
     *
     * @param load for its files to be loaded
     * @param warmUp for its first runs
     * @param stop for a run that was told to stop, before its worker is given up
     * @param lostWorkers workers given up at once at which no request is taken any more
     */
    public record Limits(Duration load, Duration warmUp, Duration stop, int lostWorkers) {
        /** Those of a model that has no settings. */
        public static final Limits DEFAULT =
                new Limits(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofSeconds(5), 2);
    }
}
