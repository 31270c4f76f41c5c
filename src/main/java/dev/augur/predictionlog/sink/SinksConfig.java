package dev.augur.predictionlog.sink;

import java.util.Optional;

/**
 * Which sinks follow the ledger. Thread-safe.
 *
 * @param postgres the table, if there is one
 * @param kafka the topic, if there is one
 */
public record SinksConfig(Optional<PostgresConfig> postgres, Optional<KafkaConfig> kafka) {
    /** None. */
    public static SinksConfig none() {
        return new SinksConfig(Optional.empty(), Optional.empty());
    }
}
