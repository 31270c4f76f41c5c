package dev.augur.model.onnx;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Native memory for the tensors of one run: for small ones a block of 64 KiB, which goes back to the model's stock at
 * the end, when the tensors in it have been closed; for each large one its own, which goes back to the system then.
 * Used on one worker thread.
 */
final class RunMemory implements AutoCloseable {
    private static final int BLOCK_BYTES = 1 << 16;

    /** Every tensor begins at a multiple of this, as those that ONNX Runtime makes itself do. */
    private static final int ALIGNMENT = 64;

    /** Blocks that no run uses at the moment, as many as ran at once but no more than 32. Thread-safe. */
    static final class Stock {
        private final ArrayBlockingQueue<ByteBuffer> blocks = new ArrayBlockingQueue<>(32);

        /** Memory for a run that begins. */
        RunMemory take() {
            var block = blocks.poll();
            return new RunMemory(
                    this,
                    block == null
                            ? ByteBuffer.allocateDirect(BLOCK_BYTES + ALIGNMENT).alignedSlice(ALIGNMENT)
                            : block);
        }
    }

    private final Stock stock;
    private final ByteBuffer block;
    private final List<ByteBuf> large = new ArrayList<>(1);

    private RunMemory(Stock stock, ByteBuffer block) {
        this.stock = stock;
        this.block = block;
    }

    /** Whether so many bytes are left in the block. */
    boolean has(long bytes) {
        return bytes <= block.remaining();
    }

    /** So many bytes, of any content, in native order: of the block, or of their own where it has not enough left. */
    ByteBuffer allocate(int bytes) {
        if (!has(bytes)) {
            // Not filled with zeros where netty may do without: that takes long, and as one step that nothing
            // interrupts.
            var own = UnpooledByteBufAllocator.DEFAULT.directBuffer(bytes + ALIGNMENT);
            large.add(own);
            return own.nioBuffer(0, bytes + ALIGNMENT)
                    .alignedSlice(ALIGNMENT)
                    .slice(0, bytes)
                    .order(ByteOrder.nativeOrder());
        }
        var part = block.slice(block.position(), bytes).order(ByteOrder.nativeOrder());
        int next = (block.position() + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        block.position(Math.min(next, block.limit()));
        return part;
    }

    /** Gives the block back; no tensor in it may be open. */
    @Override
    public void close() {
        large.forEach(ByteBuf::release);
        var unused = stock.blocks.offer(block.clear());
    }
}
