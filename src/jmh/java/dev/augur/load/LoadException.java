package dev.augur.load;

/** A measurement that cannot be made or must not be believed. Thread-safe. */
final class LoadException extends RuntimeException {
    LoadException(String message) {
        super(message, null, false, false);
    }
}
