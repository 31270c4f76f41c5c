package dev.augur.predictionlog.ledger;

import java.nio.file.Path;

/**
 * Something wrong in a ledger. Immutable, thread-safe.
 *
 * @param file where
 * @param line counted from 1; 0 if it is the file as a whole
 * @param what what is wrong, to be read after the place
 */
public record Fault(Path file, long line, String what) {
    /** {@code FILE: line N WHAT}. */
    @Override
    public String toString() {
        return file + ": " + (line == 0 ? "" : "line " + line + " ") + what;
    }
}
