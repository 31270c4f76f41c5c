package dev.augur.predictionlog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Appends records to a ledger, in groups of ten and with ids from 1 on, until it is ended. */
final class SteadyLoad {
    private static final long PAUSE_NANOS = 5_000_000;

    private final FollowedLedger ledger;
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Throwable> failures = new ArrayList<>();
    private final Thread thread = new Thread(this::run);
    private int written;

    private SteadyLoad(FollowedLedger ledger) {
        this.ledger = ledger;
    }

    static SteadyLoad on(FollowedLedger ledger) {
        var load = new SteadyLoad(ledger);
        load.thread.start();
        return load;
    }

    /** How many it wrote. */
    int end() throws Exception {
        over.set(true);
        thread.join();
        assertThat(failures).isEmpty();
        return written;
    }

    private void run() {
        try {
            while (!over.get()) {
                ledger.append(written + 1, written + 10, "");
                written += 10;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (Exception e) {
            failures.add(e);
        }
    }
}
