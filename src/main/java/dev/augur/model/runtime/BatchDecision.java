package dev.augur.model.runtime;

/**
 * Whether requests to a model are joined, and why. Thread-safe.
 *
 * @param batched whether the first dimension is one of rows that may be joined
 * @param text for operators, such as {@code rows are independent} or {@code off: LSTM "encoder" runs along axis 0}
 */
public record BatchDecision(boolean batched, String text) {
    static final BatchDecision INDEPENDENT = new BatchDecision(true, "rows are independent");

    static BatchDecision off(String reason) {
        return new BatchDecision(false, "off: " + reason);
    }
}
