package dev.augur.predictionlog;

import dev.augur.bus.Codecs;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;

/**
 * A stored line on its way to those who listen on this node: decoded by each of them, not by the log, since most of the
 * time nobody does. Nodes of a cluster may be of other programs, so there lines travel as plain JSON objects.
 * Thread-safe.
 */
record PublishedLine(Buffer json) {
    private static final String CODEC = "augur-published-line";

    /** Makes lines known to the event bus; may be done again. */
    static void register(Vertx vertx) {
        Codecs.register(vertx, new Codec());
    }

    /** Publishes one line as a JSON object. */
    static void publish(Vertx vertx, String address, byte[] line) {
        var json = Buffer.buffer(line);
        if (vertx.isClustered()) {
            vertx.eventBus().publish(address, new JsonObject(json));
        } else {
            vertx.eventBus().publish(address, new PublishedLine(json), new DeliveryOptions().setCodecName(CODEC));
        }
    }

    private static final class Codec implements MessageCodec<PublishedLine, JsonObject> {
        @Override
        public JsonObject transform(PublishedLine line) {
            return new JsonObject(line.json());
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
