package dev.augur.request;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the bodies of requests, or of answers, may take on this node, all together. Those of requests count
 * as they come, while they are put together, after decompression and as the tensors made of their JSON, since admission
 * to workers comes only after a body has been read; those of answers from the moment their size is known until their
 * clients have read them. Thread-safe.
 */
public final class BodyMemory {
    private final long limitBytes;
    private final String whose;
    private final boolean oneAlways;
    private final AtomicLong takenBytes = new AtomicLong();

    private BodyMemory(long limitBytes, String whose, boolean oneAlways) {
        this.limitBytes = limitBytes;
        this.whose = whose;
        this.oneAlways = oneAlways;
    }

    /** So many bytes for the bodies of requests. */
    public static BodyMemory ofRequests(long limitBytes) {
        return new BodyMemory(limitBytes, "request bodies take all the memory they may (http.body-memory)", false);
    }

    /**
     * So many bytes for the bodies of answers; a single one may be larger, for trying again would not make it smaller.
     */
    public static BodyMemory ofAnswers(long limitBytes) {
        return new BodyMemory(limitBytes, "answers take all the memory they may (http.answer-memory)", true);
    }

    /** Bytes of the bodies that are there now. */
    public long takenBytes() {
        return takenBytes.get();
    }

    /** Bytes that all bodies together may have. */
    public long limitBytes() {
        return limitBytes;
    }

    /** Whether so many bytes could be taken now. */
    public boolean hasRoom(long bytes) {
        return takenBytes.get() + bytes <= limitBytes;
    }

    /** All bodies together take what they may. */
    public ServingException noRoom() {
        return new ServingException(ErrorCode.OVERLOADED, whose);
    }

    /** What one request takes: bytes are taken as they come and given back at once. Thread-safe. */
    public final class Share {
        private long bytes;
        private boolean closed;

        /** Whether there was room. */
        public synchronized boolean take(long more) {
            if (closed) {
                return false;
            }
            long before = takenBytes.getAndAdd(more);
            if (before + more > limitBytes && !(oneAlways && before == bytes)) {
                takenBytes.addAndGet(-more);
                return false;
            }
            bytes += more;
            return true;
        }

        /**
         * Takes memory for what is made of a body. Fails with {@code OVERLOADED} when there is none, {@code TOO_LARGE}
         * when there never could be, however little others take.
         */
        public synchronized void require(long more) {
            if (bytes + more > limitBytes && !oneAlways) {
                throw new ServingException(
                        ErrorCode.TOO_LARGE,
                        "the request takes more than the " + limitBytes
                                + " bytes that all together may (http.body-memory)");
            }
            if (!take(more)) {
                throw noRoom();
            }
        }

        /** Gives so many bytes back. */
        public synchronized void give(long less) {
            long given = Math.min(less, bytes);
            takenBytes.addAndGet(-given);
            bytes -= given;
        }

        /** Takes or gives back until it is so many bytes. Fails with {@code OVERLOADED} when there is no room. */
        public synchronized void settle(long all) {
            if (all > bytes) {
                require(all - bytes);
            } else {
                give(bytes - all);
            }
        }

        /** All bodies together take what they may. */
        public ServingException noRoom() {
            return BodyMemory.this.noRoom();
        }

        /** Gives everything back; nothing more can be taken. */
        public synchronized void close() {
            if (bytes != 0) {
                takenBytes.addAndGet(-bytes);
                bytes = 0;
            }
            closed = true;
        }
    }
}
