package dev.augur.model;

import org.jspecify.annotations.Nullable;

/** One run of a model, which others may stop when nobody waits for its outputs any more. Thread-safe. */
public final class Run {
    private @Nullable Runnable stop;
    private boolean stopped;

    /**
     * Says how the run is stopped; called by the model when it begins. The action may be called from any thread until
     * {@link #ended}, at once if the run was stopped before it began.
     */
    public synchronized void begun(Runnable howToStop) {
        stop = howToStop;
        if (stopped) {
            howToStop.run();
        }
    }

    /** The run is over: nothing is stopped any more. Called by the model before it frees what the action uses. */
    public synchronized void ended() {
        stop = null;
    }

    /** Asks the run to end early; it then fails. */
    public synchronized void stop() {
        stopped = true;
        if (stop != null) {
            stop.run();
        }
    }
}
