package dev.augur.config;

/** What a node may do; by default each node does all. Thread-safe. */
public enum Role {
    /** Serves HTTP. */
    HTTP,
    /** Loads models and predicts. */
    PREDICT,
    /** Writes the prediction log. */
    LOG
}
