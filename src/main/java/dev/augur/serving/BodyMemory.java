package dev.augur.serving;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that request bodies may take on this node, all together, as they come, after decompression and as the tensors
 * made of their JSON: admission to workers comes
 * only after a body has been read. Thread-safe.
 */
public final class BodyMemory {
    private final long limitBytes;
    private final AtomicLong takenBytes = new AtomicLong();

    /** So many bytes, for all routers of the node. */
    public BodyMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Bytes of the bodies that are being read or worked on. */
    public long takenBytes() {
        return takenBytes.get();
    }

    /** All bodies together take what they may. */
    public static ServingException noRoom() {
        return new ServingException(ErrorCode.OVERLOADED, "request bodies take all the memory they may");
    }

    /** What one request takes: bytes are taken as they come and given back at once. Thread-safe. */
    public final class Share {
        private long bytes;
        private boolean closed;

        /** Whether there was room. */
        public synchronized boolean take(int more) {
            if (closed || takenBytes.addAndGet(more) > limitBytes) {
                takenBytes.addAndGet(closed ? 0 : -more);
                return false;
            }
            bytes += more;
            return true;
        }

        /** Takes memory for what is made of a body. Fails with {@code OVERLOADED} when there is none. */
        public void require(long more) {
            if (!take(Math.toIntExact(more))) {
                throw noRoom();
            }
        }

        /** Gives everything back; nothing more can be taken. */
        public synchronized void close() {
            takenBytes.addAndGet(-bytes);
            bytes = 0;
            closed = true;
        }
    }
}
