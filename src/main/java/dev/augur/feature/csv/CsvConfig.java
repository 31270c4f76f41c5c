package dev.augur.feature.csv;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A CSV file as a feature store. Thread-safe.
 *
 * @param path the file; need not be there yet
 * @param keyColumn name of the column that holds the entity keys
 * @param reloadInterval how often the file is looked at for a change; a changed file is read once it has stayed the same for one
 *     interval
 * @param memoryBytes a file whose table would be larger is refused; while a changed file is read, the old table is there as well
 */
public record CsvConfig(Path path, String keyColumn, Duration reloadInterval, long memoryBytes) {
    private static final Duration RELOAD_INTERVAL = Duration.ofSeconds(5);
    private static final long MEMORY_BYTES = 512L << 20;

    /** Looked at every 5 s, at most 512 MiB. */
    public CsvConfig(Path path, String keyColumn) {
        this(path, keyColumn, RELOAD_INTERVAL, MEMORY_BYTES);
    }
}
