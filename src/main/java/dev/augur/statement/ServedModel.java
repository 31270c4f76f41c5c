package dev.augur.statement;

/**
 * A version of a model on a node.
 *
 * @param state a word of the protocol's model repository extension
 * @param unloaded whether it takes no requests on purpose
 * @param reason why it takes no requests; empty if it does
 */
public record ServedModel(String name, String version, String state, boolean unloaded, String reason) {
    private static final String READY = "READY"; // of the protocol

    /** Whether it takes requests. Thread-safe. */
    public boolean ready() {
        return state.equals(READY);
    }
}
