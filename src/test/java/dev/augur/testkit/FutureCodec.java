package dev.augur.testkit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;

/** Of a message that only nodes of a later version know. Thread-safe. */
public final class FutureCodec implements MessageCodec<String, String> {
    public static final String NAME = "augur-record-group-99";

    @Override
    public void encodeToWire(Buffer wire, String text) {
        wire.appendBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String decodeFromWire(int position, Buffer wire) {
        return wire.getString(position, wire.length());
    }

    @Override
    public String transform(String text) {
        return text;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
