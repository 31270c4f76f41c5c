package dev.augur.time;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that have the same time for the same thing, and what those get that take longer. Confined to one event loop.
 *
 * @param <R> a request
 */
public final class Deadlines<R> {
    private final long nanos;
    private final ServingException failure;
    private final BiConsumer<R, ServingException> fail;
    private @Nullable Wait first; // the oldest
    private @Nullable Wait last;

    /**
     * Deadlines of one kind.
     *
     * @param fail tells a request that its time has passed
     */
    public Deadlines(Duration time, ServingException failure, BiConsumer<R, ServingException> fail) {
        this.fail = fail;
        this.nanos = time.toNanos();
        this.failure = failure;
    }

    /**
     * Deadlines that say how long the time was.
     *
     * @param what has not happened by then
     * @param fail tells a request that its time has passed
     */
    public static <R> Deadlines<R> within(
            Duration time, ErrorCode code, String what, BiConsumer<R, ServingException> fail) {
        return new Deadlines<>(time, new ServingException(code, what + " within " + time.toMillis() + " ms"), fail);
    }

    /**
     * One request's wait. It is a link in the list of all, so that most of them, which end in time, cost next to
     * nothing.
     */
    public final class Wait {
        private final R request;
        private final long endNanos = System.nanoTime() + nanos;
        private @Nullable Wait before;
        private @Nullable Wait after;
        private boolean over;

        private Wait(R request) {
            this.request = request;
        }

        /** The request has what it waited for; a second call does nothing. */
        public void end() {
            if (over) {
                return;
            }
            over = true;
            if (before == null) {
                first = after;
            } else {
                before.after = after;
            }
            if (after == null) {
                last = before;
            } else {
                after.before = before;
            }
        }
    }

    /** The time of this request runs from now, until its wait is ended. */
    public Wait begin(R request) {
        var wait = new Wait(request);
        if (last == null) {
            first = wait;
        } else {
            last.after = wait;
            wait.before = last;
        }
        last = wait;
        return wait;
    }

    /** Fails every request that still waits, whatever its time. */
    public void failAll(ServingException reason) {
        fail(waits(Long.MAX_VALUE), reason);
    }

    /** Fails the requests whose time has passed. */
    public void sweep() {
        fail(waits(0), failure);
    }

    /** Those that have no more time left than this, oldest first. */
    private List<Wait> waits(long leftNanos) {
        long now = System.nanoTime();
        var waits = new ArrayList<Wait>();
        for (var wait = first; wait != null && wait.endNanos - now <= leftNanos; wait = wait.after) {
            waits.add(wait);
        }
        return waits;
    }

    /** One that fails may end the wait of others. */
    private void fail(List<Wait> late, ServingException reason) {
        for (Wait wait : late) {
            if (!wait.over) {
                wait.end();
                fail.accept(wait.request, reason);
            }
        }
    }
}
