package dev.augur.predictionlog;

import dev.augur.bus.Codecs;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A stored line on its way to those who listen on this node: decoded by each of them, not by the log, since most of the
 * time nobody does. Nodes of a cluster may be of other programs, so there lines travel as plain JSON objects.
 * Thread-safe.
 */
record PublishedLine(ByteBuffer line) {
    private static final String CODEC = "augur-published-line";
    private static final DeliveryOptions LOCAL =
            new DeliveryOptions().setCodecName(CODEC).setLocalOnly(true);

    /** Makes lines known to the event bus; may be done again. */
    static void register(Vertx vertx) {
        Codecs.register(vertx, new Codec());
    }

    /** Publishes one line as a JSON object. */
    static void publish(Vertx vertx, String address, ByteBuffer line) {
        var published = new PublishedLine(line);
        if (vertx.isClustered()) {
            vertx.eventBus().publish(address, published.json());
        } else {
            vertx.eventBus().publish(address, published, LOCAL);
        }
    }

    private JsonObject json() {
        return new JsonObject(StandardCharsets.UTF_8.decode(line.duplicate()).toString());
    }

    private static final class Codec implements MessageCodec<PublishedLine, JsonObject> {
        @Override
        public JsonObject transform(PublishedLine line) {
            return line.json();
        }

        @Override
        public void encodeToWire(Buffer wire, PublishedLine line) {
            throw new IllegalStateException("lines stay on their node");
        }

        @Override
        public JsonObject decodeFromWire(int position, Buffer wire) {
            throw new IllegalStateException("lines stay on their node");
        }

        @Override
        public String name() {
            return CODEC;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
