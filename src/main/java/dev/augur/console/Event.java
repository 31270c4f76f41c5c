package dev.augur.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event, made once for all who look. Thread-safe.
 *
 * @param bytes of the whole event
 * @param open the same without its end, for a page that is told more; {@code null} for an event that is the same for
 *     all
 */
public record Event(Buffer bytes, @Nullable Buffer open) {
    /** Nothing; it shows both sides that the other one is there. */
    public static final Event HEARTBEAT = new Event(Buffer.buffer(":\n\n"), null);

    /** An event of that name. */
    static Event of(String name, Buffer json) {
        return new Event(
                Buffer.buffer("event: " + name + "\ndata: ").appendBuffer(json).appendString("\n\n"), null);
    }

    /** An event that tells each page how many it has lost. */
    static Event counting(String name, JsonObject json) {
        var open = Buffer.buffer("event: " + name + "\ndata: ").appendBuffer(json.toBuffer());
        open = open.getBuffer(0, open.length() - 1).appendString(",\"dropped\":");
        return new Event(open.copy().appendString("0}\n\n"), open);
    }

    /** For a page that has lost so many events. */
    public Buffer forPage(long dropped) {
        return open == null || dropped == 0 ? bytes : open.copy().appendString(dropped + "}\n\n");
    }
}
