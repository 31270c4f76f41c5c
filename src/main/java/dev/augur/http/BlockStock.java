package dev.augur.http;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap for large bodies, in blocks of 64 KiB. What a body gives back is kept for the next, since new
 * memory is filled with zeros, page by page, which takes longer than all else that an event loop does with a large
 * body. What was of no use for some seconds goes back to the system. A body that has given its blocks back cannot read
 * them any more. Thread-safe.
 */
public final class BlockStock extends AbstractByteBufAllocator {
    static final int BLOCK_BYTES = 1 << 16;

    /** Without leak detection, which is for those who have a block. */
    private static final UnpooledByteBufAllocator SYSTEM = new UnpooledByteBufAllocator(true, true);

    private static final long NEEDLESS_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int OF_A_SWEEP = 32; // the system takes its time

    private final long most;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<ByteBuf> free = new ArrayDeque<>();
    private int needless; // of them, since the last look
    private long lookedNanos = System.nanoTime();

    /**
     * Nothing yet.
     *
     * @param mostBytes that are kept while no body has them
     */
    public BlockStock(long mostBytes) {
        super(true);
        this.most = mostBytes / BLOCK_BYTES;
    }

    /** Bytes that no body has. */
    public long bytes() {
        lock.lock();
        try {
            return (long) free.size() * BLOCK_BYTES;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that all stocks of this process have had from the system and not given back. */
    static long takenBytes() {
        return SYSTEM.metric().usedDirectMemory();
    }

    /** An empty block, to be released when nobody needs it. */
    ByteBuf take() {
        return directBuffer(BLOCK_BYTES, BLOCK_BYTES).clear();
    }

    /** Gives back to the system what was of no use for a while; called now and then. */
    void sweep() {
        lock.lock();
        try {
            if (System.nanoTime() - lookedNanos > NEEDLESS_NANOS) {
                for (int i = 0; i < OF_A_SWEEP && needless > 0; i++, needless--) {
                    free.remove().release();
                }
                if (needless == 0) {
                    needless = free.size();
                    lookedNanos = System.nanoTime();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private ByteBuf memory() {
        var kept = kept();
        return kept == null ? SYSTEM.directBuffer(BLOCK_BYTES, BLOCK_BYTES) : kept;
    }

    private @Nullable ByteBuf kept() {
        lock.lock();
        try {
            var kept = free.poll();
            needless = Math.min(needless, free.size());
            return kept;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(ByteBuf memory) {
        lock.lock();
        try {
            if (free.size() < most) {
                free.push(memory);
                return;
            }
        } finally {
            lock.unlock();
        }
        memory.release();
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        throw new UnsupportedOperationException("blocks lie outside the heap");
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return toLeakAwareBuffer(new Block(memory()));
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }

    /** Memory on loan. */
    private final class Block extends UnpooledDirectByteBuf {
        private final ByteBuf memory;

        private Block(ByteBuf memory) {
            super(BlockStock.this, memory.nioBuffer(0, BLOCK_BYTES), BLOCK_BYTES);
            this.memory = memory;
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            giveBack(memory);
        }
    }
}
