package dev.augur.model;

/**
 * A model that cannot be served. The message is fit for clients: it names the model's fault and no path of the machine.
 * Thread-safe.
 */
public final class ModelLoadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    public ModelLoadException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    public ModelLoadException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** The message. */
    public String reason() {
        return reason;
    }
}
