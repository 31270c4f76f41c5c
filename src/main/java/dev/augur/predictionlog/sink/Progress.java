package dev.augur.predictionlog.sink;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How far a follower has come. Written by one event loop; thread-safe. */
public final class Progress {
    private final LongSupplier storedSeq;
    private final AtomicLong takenSeq = new AtomicLong();
    private final AtomicLong pendingSinceMillis = new AtomicLong();
    private final AtomicLong batches = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    Progress(LongSupplier storedSeq) {
        this.storedSeq = storedSeq;
    }

    /** The seq of the last record that the sink has. */
    public long takenSeq() {
        return takenSeq.get();
    }

    /** Records in the ledger that the sink does not have yet. */
    public long lagRecords() {
        return Math.max(0, storedSeq.getAsLong() - takenSeq.get());
    }

    /** Seconds since the oldest record that the sink does not have was received; 0 if it has all. */
    public double lagSeconds() {
        long since = pendingSinceMillis.get();
        return lagRecords() == 0 || since == 0 ? 0 : Math.max(0, System.currentTimeMillis() - since) / 1e3;
    }

    /** Batches that the sink has taken. */
    public long batches() {
        return batches.get();
    }

    /** Records that the sink has taken, counted again where they came again. */
    public long records() {
        return records.get();
    }

    /** Failed tries: to read the ledger, to write a batch, to save the cursor. */
    public long failures() {
        return failures.get();
    }

    void startAt(long seq) {
        takenSeq.set(seq);
    }

    void pendingSince(long millis) {
        pendingSinceMillis.set(millis);
    }

    void took(int count, long seq) {
        records.addAndGet(count);
        batches.incrementAndGet();
        takenSeq.set(seq);
    }

    void failed() {
        failures.incrementAndGet();
    }
}
