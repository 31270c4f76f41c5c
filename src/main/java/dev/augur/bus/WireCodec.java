package dev.augur.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.function.Function;

/**
 * Carries an immutable value over the event bus: by reference inside one JVM, as bytes between nodes. Thread-safe.
 *
 * @param <T> the value's class
 */
public final class WireCodec<T> implements MessageCodec<T, T> {
    private final String name;
    private final Function<T, byte[]> encode;
    private final Function<byte[], T> decode;

    /**
     * A codec for one class.
     *
     * @param name the same on every node of a cluster, across versions of the program
     */
    public WireCodec(String name, Function<T, byte[]> encode, Function<byte[], T> decode) {
        this.name = name;
        this.encode = encode;
        this.decode = decode;
    }

    /** Makes this the codec of a class on this Vert.x, unless an embedding program's earlier server already did. */
    public void register(Vertx vertx, Class<T> type) {
        try {
            vertx.eventBus().registerDefaultCodec(type, this);
        } catch (IllegalStateException alreadyRegistered) {
            // The registry of codecs cannot be asked; a second one of the same name is refused this way.
        }
    }

    @Override
    public void encodeToWire(Buffer buffer, T value) {
        byte[] bytes = encode.apply(value);
        buffer.appendInt(bytes.length).appendBytes(bytes);
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        int length = buffer.getInt(position);
        return decode.apply(buffer.getBytes(position + Integer.BYTES, position + Integer.BYTES + length));
    }

    @Override
    public T transform(T value) {
        return value;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
