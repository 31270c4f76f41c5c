package dev.augur.timeline;

import org.jspecify.annotations.Nullable;

/** The timelines of a node, and who watches them, if anybody does. Thread-safe. */
public final class Timelines {
    private volatile @Nullable Watcher watcher;

    /** Is told of requests for predictions that are over. Thread-safe; must not wait. */
    public interface Watcher {
        /** The request is over; its record may still be on its way. */
        void over(Timeline timeline);

        /** Its record, which was on its way when it was over, is stored. */
        void recorded(Timeline timeline);
    }

    /** From now on tells this one; {@code null} for nobody. */
    public void watch(@Nullable Watcher who) {
        watcher = who;
    }

    /** Whether somebody watches. */
    public boolean watched() {
        return watcher != null;
    }

    /** The timeline of a request that has come; it remembers who watches now. */
    public Timeline begin() {
        return new Timeline(watcher);
    }
}
