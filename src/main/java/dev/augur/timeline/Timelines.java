package dev.augur.timeline;

import org.jspecify.annotations.Nullable;

/** The timelines of a node, and who watches them, if anybody does. Thread-safe. */
public final class Timelines {
    private volatile @Nullable Watcher watcher;
    private volatile @Nullable Watcher tracer;

    /** Is told of requests for predictions that are over. Thread-safe; must not wait. */
    public interface Watcher {
        /** The request is over; its record may still be on its way. */
        void over(Timeline timeline);

        /** Its record is stored. */
        void recorded(Timeline timeline);

        /** Where the request comes from, for this watcher alone; asked when it has come, on its event loop. */
        default @Nullable Object origin() {
            return null;
        }
    }

    /** From now on tells this one; {@code null} for nobody. */
    public void watch(@Nullable Watcher who) {
        watcher = who;
    }

    /** Tells this one beside whoever watches, for good. */
    public void trace(Watcher who) {
        tracer = who;
    }

    /** Whether somebody watches. */
    public boolean watched() {
        return watcher != null || tracer != null;
    }

    /** The timeline of a request that has come; it remembers who watches now. */
    public Timeline begin() {
        var watching = watcher;
        var tracing = tracer;
        return new Timeline(tracing == null ? watching : watching == null ? tracing : new Both(watching, tracing));
    }

    private record Both(Watcher watching, Watcher tracing) implements Watcher {
        @Override
        public void over(Timeline timeline) {
            watching.over(timeline);
            tracing.over(timeline);
        }

        @Override
        public void recorded(Timeline timeline) {
            watching.recorded(timeline);
            tracing.recorded(timeline);
        }

        @Override
        public @Nullable Object origin() {
            return tracing.origin();
        }
    }
}
