package dev.augur.feature;

import dev.augur.feature.LookupStatistics.Circuit;
import java.util.Arrays;

/**
 * Opens when too large a share of the last calls failed; after a while lets one call through, and closes if that
 * succeeds. Guarded by its owner's lock.
 */
final class CircuitBreaker {
    /** Instead of a permit: the call is not to be made. */
    static final long REFUSED = -1;

    private final LookupConfig.Breaker config;
    private final boolean[] failed; // the last calls, in a ring
    private Circuit circuit = Circuit.CLOSED;
    private int calls;
    private int next;
    private int failures;
    private long openUntil;
    private long generation; // of permits; those of an earlier one tell nothing any more

    CircuitBreaker(LookupConfig.Breaker config) {
        this.config = config;
        this.failed = new boolean[config.window()];
    }

    Circuit circuit() {
        return circuit;
    }

    /** Whether a call would be refused now. */
    boolean refuses(long now) {
        return circuit == Circuit.HALF_OPEN || (circuit == Circuit.OPEN && now - openUntil < 0);
    }

    /** A permit for one call, whose end is told with it, or {@link #REFUSED}. */
    long enter(long now) {
        if (refuses(now)) {
            return REFUSED;
        }
        if (circuit == Circuit.OPEN) {
            circuit = Circuit.HALF_OPEN;
            generation++;
        }
        return generation;
    }

    /** A call has ended well; true if that closed the circuit. */
    boolean succeeded(long permit) {
        if (permit != generation) {
            return false;
        }
        boolean closed = circuit == Circuit.HALF_OPEN;
        if (closed) {
            circuit = Circuit.CLOSED;
            forget();
        }
        count(false);
        return closed;
    }

    /** A call has failed; true if that opened the circuit. */
    boolean failed(long permit, long now) {
        if (permit != generation) {
            return false;
        }
        count(true);
        boolean full = config.window() > 0 && calls == config.window();
        boolean opens = circuit == Circuit.HALF_OPEN || (full && failures >= config.failureShare() * calls);
        if (opens) {
            circuit = Circuit.OPEN;
            openUntil = now + config.openFor().toNanos();
            forget();
        }
        return opens;
    }

    private void count(boolean failure) {
        if (failed.length == 0) {
            return;
        }
        failures += (failure ? 1 : 0) - (failed[next] ? 1 : 0);
        failed[next] = failure;
        next = (next + 1) % failed.length;
        calls = Math.min(calls + 1, failed.length);
    }

    private void forget() {
        Arrays.fill(failed, false);
        calls = 0;
        next = 0;
        failures = 0;
        generation++;
    }
}
