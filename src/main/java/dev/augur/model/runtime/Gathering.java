package dev.augur.model.runtime;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * When what waits in a model's queue is offered to a worker: once the event loop has taken in all that arrived
 * together, so that it goes as one batch and wakes one worker once; or, for a model whose batches wait, when they are
 * full or have waited long enough. Guarded by its owner's lock.
 */
final class Gathering {
    private static final long NO_TIMER = -1;
    private static final long WATCH_NANOS = 0; // one tick of a timer: a run may take longer than it was thought to

    private final Vertx vertx;
    private final ModelQueue queue;
    private final long maxDelayNanos;
    private final Turns turns;
    private final Set<Thread> loops = new HashSet<>(); // that will offer when they have taken in what arrived
    private final Set<Thread> hosts = new HashSet<>(); // that will run what they have taken in
    private long patience = NO_TIMER; // runs while requests wait for others

    /** The turns of a model's workers. */
    interface Turns {
        /** Whether a worker has none. */
        boolean free();

        /** Whether the workers that run are about to take what waits anyway. */
        boolean soon();

        /** Begins one; it takes what waits by then. */
        void begin();

        /** Whether event loops run the model now for that request. */
        boolean onLoops(Inference inference);

        /** Runs what waits for this event loop on it; called there. */
        void runHere(Thread loop);

        /** Does this with the owner's lock held. */
        void locked(Runnable action);
    }

    /** Offers what waits in that queue. */
    Gathering(Vertx vertx, ModelQueue queue, Duration maxDelay, Turns turns) {
        this.vertx = vertx;
        this.queue = queue;
        this.maxDelayNanos = maxDelay.toNanos();
        this.turns = turns;
    }

    /** Puts a request into the queue; called on its caller's thread. */
    void add(Inference inference) {
        queue.add(inference);
        var loop = inference.loop();
        if (loop == null) {
            offer();
        } else if (turns.onLoops(inference)) {
            offerHere(loop, inference.context());
        } else if (!turns.free()) {
            return;
        } else if (soon()) {
            waitFor(WATCH_NANOS);
        } else if (loops.add(loop)) {
            inference
                    .context()
                    .runOnContext(turn -> turns.locked(() -> {
                        loops.remove(loop);
                        offer();
                    }));
        }
    }

    /** Has the event loop run what it has taken in by its next turn. */
    private void offerHere(Thread loop, Context context) {
        if (hosts.add(loop)) {
            context.runOnContext(turn -> {
                turns.locked(() -> hosts.remove(loop));
                turns.runHere(loop);
            });
        }
    }

    /** Offers what waits, if anything does, to a worker, if one is free and would help. */
    void offer() {
        if (turns.free() && ready()) {
            if (soon()) {
                waitFor(WATCH_NANOS);
            } else {
                turns.begin();
            }
        }
    }

    /** Whether anything waits that need not wait for others; if it need, it is offered in time. */
    boolean ready() {
        long left = maxDelayNanos == 0 || queue.size() == 0 ? 0 : queue.patienceNanos(maxDelayNanos);
        if (left > 0) {
            waitFor(left);
        }
        return queue.size() > 0 && left == 0;
    }

    /** There is one timer: where batches wait for others it is for them. */
    private boolean soon() {
        return maxDelayNanos == 0 && turns.soon();
    }

    private void waitFor(long nanos) {
        if (patience == NO_TIMER) {
            long millis = TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
            patience = vertx.setTimer(millis, over -> turns.locked(this::patienceIsOver));
        }
    }

    private void patienceIsOver() {
        patience = NO_TIMER;
        offer();
    }
}
