package dev.augur.model.runtime;

/** An output of joined requests has not as many rows as their inputs, so it cannot be told which are whose. */
final class UnequalRows extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    UnequalRows(String message) {
        super(message);
    }
}
