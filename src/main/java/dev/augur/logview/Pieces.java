package dev.augur.logview;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer on the event bus: what is told of lines, and the lines as they stand in the ledger. Immutable, thread-safe.
 */
record Pieces(JsonObject head, List<byte[]> lines) {
    Pieces {
        lines = List.copyOf(lines);
    }

    /** Each piece behind its length. */
    Buffer buffer() {
        var buffer = Buffer.buffer();
        append(buffer, head.toBuffer().getBytes());
        lines.forEach(line -> append(buffer, line));
        return buffer;
    }

    private static void append(Buffer buffer, byte[] piece) {
        buffer.appendInt(piece.length).appendBytes(piece);
    }

    /** What {@link #buffer} made. Throws a {@code RuntimeException} for anything else. */
    static Pieces of(Buffer buffer) {
        var pieces = new ArrayList<byte[]>();
        for (int at = 0; at < buffer.length(); ) {
            int end = at + Integer.BYTES + buffer.getInt(at);
            pieces.add(buffer.getBytes(at + Integer.BYTES, end));
            at = end;
        }
        return new Pieces(new JsonObject(Buffer.buffer(pieces.get(0))), pieces.subList(1, pieces.size()));
    }
}
