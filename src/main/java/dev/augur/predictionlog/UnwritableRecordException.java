package dev.augur.predictionlog;

/** A record that no JSON can express: no further try would help. */
final class UnwritableRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    UnwritableRecordException(String message) {
        super(message);
    }

    UnwritableRecordException(Throwable cause) {
        super(String.valueOf(cause), cause);
    }
}
