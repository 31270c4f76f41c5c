package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.BodyMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A body as it comes, of a request or of another node's answer: in blocks outside the heap, for to put a large one
 * together takes longer than an event loop has, and the collector of garbage would move what is on the heap while
 * everything stands still. A small one stays as the network gave it. The event loop adds; who takes it whole, or
 * discards it, may be another thread.
 */
final class ArrivedBody {
    private final BlockStock stock;
    private final List<ByteBuf> blocks = new ArrayList<>();
    private final AtomicBoolean gone = new AtomicBoolean();
    private @Nullable Buffer only; // while there is no second piece
    private int bytes;

    /** Nothing has come yet. */
    ArrivedBody(BlockStock stock) {
        this.stock = stock;
    }

    void add(Buffer piece) {
        if (bytes == 0) {
            only = piece;
        } else {
            if (only != null) {
                store(only, piece.length());
                only = null;
            }
            store(piece, 0);
        }
        bytes += piece.length();
    }

    /** Its length; stays when the pieces are gone. */
    int bytes() {
        return bytes;
    }

    /** The blocks that it lies in, until they are gone. */
    List<ByteBuf> blocks() {
        return only == null ? List.copyOf(blocks) : List.of(Unpooled.wrappedBuffer(BufferBytes.of(only)));
    }

    /** The bytes of a small one, which nobody changes. */
    byte[] small() {
        return only == null ? new Pieces(blocks).next().getBytes() : BufferBytes.of(only);
    }

    /**
     * Puts it together; the pieces are gone then. Fails with {@code OVERLOADED} when there is no memory for pieces and
     * whole, {@code CANCELLED} when the body was discarded.
     */
    byte[] whole(BodyMemory.Share memory) {
        if (only != null) {
            return BufferBytes.of(only);
        }
        memory.require(bytes);
        if (!gone.compareAndSet(false, true)) {
            throw new ServingException(ErrorCode.CANCELLED, "nobody waits for the answer any more");
        }
        try {
            byte[] whole = new byte[bytes];
            int end = 0;
            for (ByteBuf block : blocks) {
                int length = block.readableBytes();
                block.readBytes(whole, end, length);
                end += length;
            }
            return whole;
        } finally {
            release();
            memory.give(bytes);
        }
    }

    /** Nobody wants it any more, if it was not taken before. */
    void discard() {
        if (gone.compareAndSet(false, true)) {
            release();
        }
    }

    private void store(Buffer piece, int followed) {
        for (int from = 0; from < piece.length(); ) {
            var block = roomy(piece.length() - from + followed);
            int length = Math.min(block.maxWritableBytes(), piece.length() - from);
            block.writeBytes(piece.getBytes(from, from + length));
            from += length;
        }
    }

    /** The last block, or a new one: pieces may be of one byte each. */
    private ByteBuf roomy(int expected) {
        var last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
        if (last != null && last.maxWritableBytes() > 0) {
            return last;
        }
        var block = last == null && expected < BlockStock.BLOCK_BYTES
                ? UnpooledByteBufAllocator.DEFAULT.directBuffer(expected, BlockStock.BLOCK_BYTES)
                : stock.take();
        blocks.add(block);
        return block;
    }

    private void release() {
        blocks.forEach(ByteBuf::release);
        blocks.clear();
    }
}
