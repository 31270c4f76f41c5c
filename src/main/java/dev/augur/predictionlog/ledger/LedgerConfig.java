package dev.augur.predictionlog.ledger;

import java.time.Duration;

/**
 * How the ledger is kept on disk. Thread-safe.
 *
 * @param fsync whether what was appended survives the machine, not only the process
 * @param segmentBytes size at which a new segment is begun
 * @param retention what is kept
 * @param startCheckBytes how much, from the newest segment backwards, is checked line by line at the start; the segment
 *     in which this ends is checked whole, older ones by their first and last line
 */
public record LedgerConfig(boolean fsync, long segmentBytes, Retention retention, long startCheckBytes) {
    /**
     * What is kept: whole segments, the newest always.
     *
     * @param age the age of its last record beyond which a segment is removed; zero keeps all
     * @param bytes the size of all segments of a writer above which the oldest are removed; zero keeps all
     */
    public record Retention(Duration age, long bytes) {
        /** Everything. */
        public static final Retention ALL = new Retention(Duration.ZERO, 0);

        /** In words. */
        public String text() {
            String byAge = age.isZero() ? "records of any age" : "records until they are " + age.toHours() + " h old";
            return bytes == 0
                    ? byAge
                    : byAge + ", " + (bytes >> 20)
                            + " MiB of each writer (the oldest files go first, once every sink has them)";
        }
    }
}
