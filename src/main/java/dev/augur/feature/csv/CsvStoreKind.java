package dev.augur.feature.csv;

import dev.augur.feature.FeatureStoreKind;
import dev.augur.setting.Section;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The kind {@code csv}. Thread-safe. */
public final class CsvStoreKind implements FeatureStoreKind {
    private static final Section.Range<Duration> INTERVALS =
            new Section.Range<>(Duration.ofMillis(100), Duration.ofDays(1));
    private static final Section.Range<Long> SIZES = new Section.Range<>(1L << 20, 64L << 30);

    private static final String NO_DELIMITERS = "\"\r\n";

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public Opening read(Section settings) {
        var path = settings.path("path");
        var standard = new CsvConfig(path, settings.text("key-column"));
        var config = new CsvConfig(
                path,
                standard.keyColumn(),
                format(settings),
                settings.duration("reload-interval", standard.reloadInterval(), INTERVALS),
                settings.bytes("memory", standard.memoryBytes(), SIZES));
        return (vertx, workers) -> CsvFeatureStore.open(vertx, workers, config);
    }

    private static CsvConfig.Format format(Section settings) {
        String delimiter = settings.text("delimiter", ",");
        char character = delimiter.equals("tab") ? '\t' : delimiter.isEmpty() ? ',' : delimiter.charAt(0);
        if (!delimiter.equals("tab") && (delimiter.length() != 1 || NO_DELIMITERS.indexOf(character) >= 0)) {
            settings.problem("delimiter", "expected one character such as , or ; or |, or tab");
        }
        var standard = CsvConfig.Format.STANDARD.missing();
        var missing = settings.list("missing-values", List.of());
        boolean usable = NO_DELIMITERS.indexOf(character) < 0;
        return new CsvConfig.Format(usable ? character : ',', missing.isEmpty() ? standard : Set.copyOf(missing));
    }
}
