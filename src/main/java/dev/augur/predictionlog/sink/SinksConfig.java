package dev.augur.predictionlog.sink;

import java.time.Duration;
import java.util.List;

/**
 * Which sinks follow the ledger. Thread-safe.
 *
 * @param sinks those that are enabled
 * @param abandonedAfter a folder that no process holds is followed once nothing was written to it for so long
 */
public record SinksConfig(List<SinkKind.Opening<?>> sinks, Duration abandonedAfter) {
    public SinksConfig {
        sinks = List.copyOf(sinks);
    }

    /** None. */
    public static SinksConfig none() {
        return new SinksConfig(List.of(), Duration.ofMinutes(1));
    }
}
