package dev.augur.feature.csv;

import dev.augur.feature.FeatureStoreKind;
import dev.augur.feature.Section;
import java.time.Duration;

/** The kind {@code csv}. Thread-safe. */
public final class CsvStoreKind implements FeatureStoreKind {
    private static final Section.Range<Duration> INTERVALS =
            new Section.Range<>(Duration.ofMillis(100), Duration.ofDays(1));
    private static final Section.Range<Long> SIZES = new Section.Range<>(1L << 20, 64L << 30);

    @Override
    public Opening read(Section settings) {
        var path = settings.path("path");
        var standard = new CsvConfig(path, settings.text("key-column"));
        var config = new CsvConfig(
                path,
                standard.keyColumn(),
                settings.duration("reload-interval", standard.reloadInterval(), INTERVALS),
                settings.bytes("memory", standard.memoryBytes(), SIZES));
        return (vertx, workers) -> CsvFeatureStore.open(vertx, workers, config);
    }
}
