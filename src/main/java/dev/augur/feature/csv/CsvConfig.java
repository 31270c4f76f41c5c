package dev.augur.feature.csv;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * A CSV file as a feature store. Thread-safe.
 *
 * @param path the file; need not be there yet
 * @param keyColumn name of the column that holds the entity keys
 * @param format how it is written
 * @param reloadInterval how often the file is looked at for a change; a changed file is read once it has stayed the
 *     same for one interval
 * @param memoryBytes a file whose table would be larger is refused; while a changed file is read, the old table is
 *     there as well
 */
public record CsvConfig(Path path, String keyColumn, Format format, Duration reloadInterval, long memoryBytes) {
    private static final Duration RELOAD_INTERVAL = Duration.ofSeconds(5);
    private static final long MEMORY_BYTES = 512L << 20;

    /** Commas, looked at every 5 s, at most 512 MiB. */
    public CsvConfig(Path path, String keyColumn) {
        this(path, keyColumn, RELOAD_INTERVAL, MEMORY_BYTES);
    }

    /** With commas. */
    public CsvConfig(Path path, String keyColumn, Duration reloadInterval, long memoryBytes) {
        this(path, keyColumn, Format.STANDARD, reloadInterval, memoryBytes);
    }

    /**
     * How a file is written. Thread-safe.
     *
     * @param delimiter between cells
     * @param missing words that stand for no value, in columns that have numbers or truth values
     */
    public record Format(char delimiter, Set<String> missing) {
        /** Commas, and what pandas, R, SQL and spreadsheets write where there is no value. */
        public static final Format STANDARD = new Format(
                ',',
                Set.of(
                        "NA", "N/A", "n/a", "NaN", "nan", "NAN", "-nan", "-NaN", "NULL", "null", "Null", "None", "none",
                        "<NA>", "#N/A", "#NA", "NaT", "nil", "-", "--", "?", "."));

        public Format {
            missing = Set.copyOf(missing);
        }
    }
}
