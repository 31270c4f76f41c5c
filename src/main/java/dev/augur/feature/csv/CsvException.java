package dev.augur.feature.csv;

/**
 * A file that cannot be served; the message names line and column where there are some, never the folder. Thread-safe.
 */
final class CsvException extends Exception {
    CsvException(String message) {
        super(message);
    }

    static CsvException at(long line, String column, String problem) {
        return new CsvException("line " + line + ", column \"" + column + "\": " + problem);
    }

    static CsvException at(long line, String problem) {
        return new CsvException("line " + line + ": " + problem);
    }
}
