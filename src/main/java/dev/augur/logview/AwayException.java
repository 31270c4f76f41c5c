package dev.augur.logview;

/** A node did not answer; the message says how that was seen. Thread-safe. */
final class AwayException extends Exception {
    private static final long serialVersionUID = 1;

    AwayException(String reason) {
        super(reason, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    }
}
