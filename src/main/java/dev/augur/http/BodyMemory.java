package dev.augur.http;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that request bodies may take on this node, all together: admission to workers comes only after a body has been read. Thread-safe. */
public final class BodyMemory {
    private final long limitBytes;
    private final AtomicLong takenBytes = new AtomicLong();

    /** So many bytes, for all routers of the node. */
    public BodyMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Whether there was room; what was taken has to be given back. */
    boolean take(int bytes) {
        if (takenBytes.addAndGet(bytes) <= limitBytes) {
            return true;
        }
        takenBytes.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        takenBytes.addAndGet(-bytes);
    }

    /** Bytes of the bodies that are being read or worked on. */
    public long takenBytes() {
        return takenBytes.get();
    }
}
