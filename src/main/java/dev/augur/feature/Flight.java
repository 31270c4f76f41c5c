package dev.augur.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The fetch of one entity, and everybody who waits for it. Guarded by the lock of {@link Fetches}. */
final class Flight {
    final Object key;
    final long deadline;
    private List<Consumer<FetchOutcome>> waiters = new ArrayList<>(1);

    @Nullable
    Multiget multiget;

    int joined;
    boolean over;

    Flight(Object key, long deadline, @Nullable Consumer<FetchOutcome> first) {
        this.key = key;
        this.deadline = deadline;
        if (first != null) {
            waiters.add(first);
        }
    }

    void join(Consumer<FetchOutcome> waiter) {
        waiters.add(waiter);
        joined++;
    }

    /** Ends the flight; it keeps nobody, since the store may keep it for longer. Called once. */
    List<Consumer<FetchOutcome>> end() {
        var all = waiters;
        waiters = List.of();
        over = true;
        if (multiget != null) {
            multiget.flightOver();
        }
        return all;
    }
}
