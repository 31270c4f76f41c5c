package dev.augur.predictionlog.sink;

import java.util.List;

/**
 * Which sinks follow the ledger. Thread-safe.
 *
 * @param sinks those that are enabled
 */
public record SinksConfig(List<SinkKind.Opening<?>> sinks) {
    public SinksConfig {
        sinks = List.copyOf(sinks);
    }

    /** None. */
    public static SinksConfig none() {
        return new SinksConfig(List.of());
    }
}
