package dev.augur.predictionlog;

import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.reading.QueryConfig;
import dev.augur.predictionlog.sink.SinksConfig;
import java.time.Duration;
import java.util.List;

/**
 * How the prediction log behaves.
 *
 * @param maxPending records that may wait for their acknowledgement on this node before further ones are dropped and
 *     counted
 * @param ackTimeout how long the sender waits for one acknowledgement before it tries again
 * @param maxRetryDelay the longest pause between two tries
 * @param ledger how it is kept on disk
 * @param records what they hold
 * @param query what questions to it may cost
 * @param sinks where they go from the ledger
 */
public record PredictionLogConfig(
        int maxPending,
        Duration ackTimeout,
        Duration maxRetryDelay,
        LedgerConfig ledger,
        Records records,
        QueryConfig query,
        SinksConfig sinks) {

    /** Without sinks. */
    public PredictionLogConfig(
            int maxPending,
            Duration ackTimeout,
            Duration maxRetryDelay,
            LedgerConfig ledger,
            Records records,
            QueryConfig query) {
        this(maxPending, ackTimeout, maxRetryDelay, ledger, records, query, SinksConfig.none());
    }

    /**
     * What records hold, and how long answers wait for them.
     *
     * @param maxTensorBytes of one tensor of an inference request, to be kept whole
     * @param redact rules of {@link Redaction}
     * @param patience how long an answer to an inference request waits for its record at most
     * @param refusedPerSecond records of refused requests; further ones are counted and told in one record
     */
    public record Records(long maxTensorBytes, List<String> redact, Duration patience, int refusedPerSecond) {
        public Records {
            redact = List.copyOf(redact);
        }
    }
}
