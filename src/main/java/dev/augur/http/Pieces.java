package dev.augur.http;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;

/** A body on its way out, cut into pieces; the blocks it lies in stay as they are. Confined to one event loop. */
final class Pieces {
    private static final int PIECE_BYTES = 1 << 16;
    /** Then others have their turn: to a reader that is as fast as the writer, all would go in one. */
    static final int OF_A_TURN = 8;

    /** Until the next turn. (A task would be run before anything that has come in, for a second on end.) */
    static final int TURN_MILLIS = 1;

    private final ArrayDeque<ByteBuf> blocks = new ArrayDeque<>();
    private long left;

    Pieces(List<ByteBuf> body) {
        for (ByteBuf block : body) {
            if (block.isReadable()) {
                blocks.add(block.duplicate());
                left += block.readableBytes();
            }
        }
    }

    /** Whether nothing is left. */
    boolean isEmpty() {
        return left == 0;
    }

    /** The next one, a copy; empty when nothing is left. Fails when the blocks were given back. */
    Buffer next() {
        byte[] bytes = new byte[(int) Math.min(left, PIECE_BYTES)];
        for (int end = 0; end < bytes.length; ) {
            var block = blocks.element();
            int length = Math.min(block.readableBytes(), bytes.length - end);
            block.readBytes(bytes, end, length);
            end += length;
            if (!block.isReadable()) {
                blocks.remove();
            }
        }
        left -= bytes.length;
        return Buffer.buffer(bytes);
    }
}
