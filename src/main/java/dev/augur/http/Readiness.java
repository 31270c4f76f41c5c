package dev.augur.http;

import java.util.Locale;

/** Whether this node wants requests. Written by the server, read by every event loop. Thread-safe. */
public final class Readiness {
    /** The stages of a node's life. */
    public enum Stage {
        STARTING,
        READY,
        DRAINING
    }

    private volatile Stage stage = Stage.STARTING;

    public void enter(Stage next) {
        stage = next;
    }

    public boolean ready() {
        return stage == Stage.READY;
    }

    /** Whether this node is on its way down. */
    boolean draining() {
        return stage == Stage.DRAINING;
    }

    /** The stage in words: {@code starting}, {@code ready} or {@code draining}. */
    public String text() {
        return stage.name().toLowerCase(Locale.ROOT);
    }
}
