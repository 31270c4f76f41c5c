package dev.augur.predictionlog;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stored line on its way to those who listen, as the JSON object it is: to the event bus it is like any other, other
 * nodes get the bytes of the line, and each who listens here decodes it. The log does not, since mostly nobody listens,
 * and decoding costs more than storing. Immutable, thread-safe.
 */
final class PublishedLine extends JsonObject {
    private final ByteBuffer line;

    private PublishedLine(ByteBuffer line) {
        super(new Fields(line));
        this.line = line;
    }

    /** Publishes one line, without its line feed, as a JSON object. */
    static void publish(Vertx vertx, String address, ByteBuffer line) {
        vertx.eventBus().publish(address, new PublishedLine(line));
    }

    /** What goes to other nodes. */
    @Override
    public Buffer toBuffer() {
        byte[] bytes = new byte[line.remaining()];
        line.duplicate().get(bytes);
        return Buffer.buffer(bytes);
    }

    @Override
    public String encode() {
        return text(line);
    }

    /** What one who listens on this node gets. */
    @Override
    public JsonObject copy() {
        return new JsonObject(text(line));
    }

    private static String text(ByteBuffer line) {
        return StandardCharsets.UTF_8.decode(line.duplicate()).toString();
    }

    /** The fields of a line, for whoever looks at a message before it is delivered. */
    private static final class Fields extends AbstractMap<String, Object> {
        private final ByteBuffer line;
        private volatile @Nullable Map<String, Object> decoded;

        private Fields(ByteBuffer line) {
            this.line = line;
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            var fields = decoded;
            if (fields == null) {
                fields = new JsonObject(text(line)).getMap();
                decoded = fields;
            }
            return fields.entrySet();
        }
    }
}
