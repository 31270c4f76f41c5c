package dev.augur.http;

import io.netty.buffer.UnpooledHeapByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/** What Vert.x has read without a copy of it, for which this class reaches into Vert.x. Thread-safe. */
final class BufferBytes {
    private BufferBytes() {}

    /** The bytes of a buffer: its own array where that has just these, which nobody may change then; else a copy. */
    static byte[] of(Buffer buffer) {
        if (buffer instanceof BufferInternal read
                && read.getByteBuf().unwrap() instanceof UnpooledHeapByteBuf bytes
                && bytes.array().length == buffer.length()) {
            return bytes.array();
        }
        return buffer.getBytes();
    }
}
