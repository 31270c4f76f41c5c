package dev.augur.membership;

import dev.augur.model.runtime.ModelRegistry;

/**
 * A version of a model on a node.
 *
 * @param state a word of the protocol's model repository extension
 * @param unloaded whether it takes no requests on purpose
 * @param reason why it takes no requests; empty if it does
 */
public record ServedModel(String name, String version, String state, boolean unloaded, String reason) {
    private static final int REASON_CHARS = 200;

    /** As the registry of a node knows it. Thread-safe. */
    static ServedModel of(ModelRegistry.Entry entry) {
        String reason = entry.reason();
        return new ServedModel(
                entry.name(),
                entry.version(),
                entry.state().text(),
                entry.state() == ModelRegistry.State.UNLOADED,
                reason.length() <= REASON_CHARS ? reason : reason.substring(0, REASON_CHARS));
    }

    /** Whether it takes requests. Thread-safe. */
    public boolean ready() {
        return state.equals(ModelRegistry.State.READY.text());
    }
}
