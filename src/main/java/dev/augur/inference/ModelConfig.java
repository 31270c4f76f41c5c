package dev.augur.inference;

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
 * @param delivery when the answer to an inference request may leave, seen from its record
 */
public record ModelConfig(
        VersionPolicy versions,
        Workers workers,
        Admission admission,
        Batching batching,
        int warmUpRuns,
        Delivery delivery) {

    /**
     * Who runs a model.
     *
     * @param count threads of a version of its own
     * @param group the group of workers it shares with other models instead
     */
    public record Workers(int count, Optional<String> group) {}

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
     */
    public record Batching(int maxSize, Duration maxDelay) {}
}
