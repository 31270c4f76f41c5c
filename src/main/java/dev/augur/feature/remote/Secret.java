package dev.augur.feature.remote;

/**
 * A text that must not be shown: it has no readable form but {@link #value}. Thread-safe.
 *
 * @param value the text itself
 */
public record Secret(String value) {
    @Override
    public String toString() {
        return "***";
    }
}
