package dev.augur.config;

import static dev.augur.setting.Section.Range.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;

import dev.augur.predictionlog.sink.SinkKind;
import dev.augur.predictionlog.sink.SinksConfig;
import java.util.ArrayList;
import java.util.List;

/** The settings of the prediction log's sinks: each reads its own. */
final class SinkSettings {
    private SinkSettings() {}

    /**
     * Those that are enabled. Problems are left with the reader.
     *
     * @param reader of {@code prediction-log}
     */
    static SinksConfig read(ConfigReader reader, List<SinkKind> kinds) {
        var sinks = new ArrayList<SinkKind.Opening<?>>();
        for (SinkKind kind : kinds) {
            var section = reader.under(kind.name() + ".");
            var sink = kind.read(section);
            if (section.flag("enabled", false)) {
                sinks.add(sink);
            }
        }
        return new SinksConfig(
                sinks, reader.duration("abandoned-after", ofMinutes(1), between(ofMillis(100), ofHours(24))));
    }
}
