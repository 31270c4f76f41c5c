package dev.augur.consumer;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.protocol.RequestJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.DatabindCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON in the body of a message. Thread-safe. */
final class MessageBody {
    private static final long BYTES_PER_VALUE = 8;
    private static final int MAX_DEPTH = 100;
    private static final ObjectReader JSON =
            JsonMapper.builder(RequestJson.parsers()).build().readerFor(LinkedHashMap.class);

    private MessageBody() {}

    /** The forms that bodies and answers have; an answer has that of its request. */
    enum Form {
        OBJECT,
        BUFFER,
        TEXT;

        /** The form of an answer. */
        static Form of(@Nullable Object body) {
            return body instanceof Buffer ? BUFFER : body instanceof String ? TEXT : OBJECT;
        }

        /** JSON in this form. */
        Object of(Buffer json) {
            return switch (this) {
                case OBJECT -> object(json);
                case BUFFER -> json;
                case TEXT -> json.toString(StandardCharsets.UTF_8);
            };
        }

        /** JSON in this form. */
        Object of(JsonObject json) {
            return switch (this) {
                case OBJECT -> json;
                case BUFFER -> json.toBuffer();
                case TEXT -> json.encode();
            };
        }
    }

    /** Vert.x's own reader refuses long texts. */
    private static JsonObject object(Buffer json) {
        try {
            return new JsonObject(JSON.<LinkedHashMap<String, Object>>readValue(json.getBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The body; one that came from another node is decoded now. Fails with {@code INVALID_ARGUMENT} when it cannot be.
     */
    static @Nullable Object of(Message<Object> message) {
        try {
            return message.body();
        } catch (DecodeException | IndexOutOfBoundsException e) {
            throw new ServingException(ErrorCode.INVALID_ARGUMENT, "the body is not valid JSON");
        }
    }

    /**
     * About how many bytes of JSON this is, or some number above the limit: then it is not looked at further.
     *
     * @param limit how far to count
     */
    static long about(@Nullable Object body, long limit) {
        return about(body, limit, MAX_DEPTH);
    }

    private static long about(@Nullable Object value, long limit, int depth) {
        if (value instanceof Buffer buffer) {
            return buffer.length();
        }
        if (value instanceof CharSequence text) {
            return text.length();
        }
        if (value instanceof JsonObject json) {
            return sum(json.getMap().values(), limit, depth) + json.getMap().size() * BYTES_PER_VALUE;
        }
        if (value instanceof JsonArray json) {
            return sum(json.getList(), limit, depth);
        }
        if (value instanceof Map<?, ?> members) {
            return sum(members.values(), limit, depth) + members.size() * BYTES_PER_VALUE;
        }
        return value instanceof Collection<?> elements ? sum(elements, limit, depth) : BYTES_PER_VALUE;
    }

    private static long sum(Collection<?> values, long limit, int depth) {
        long bytes = BYTES_PER_VALUE;
        for (Object value : values) {
            if (bytes > limit || depth == 0) {
                return limit + 1;
            }
            bytes += about(value, limit - bytes, depth - 1);
        }
        return bytes;
    }

    /**
     * The JSON of a body, as UTF-8. Fails with {@code UNSUPPORTED_MEDIA_TYPE} for a body of another class,
     * {@code TOO_LARGE}, and {@code INVALID_ARGUMENT} for an object that JSON cannot express.
     */
    static byte[] bytes(@Nullable Object body, int maxBytes) {
        if (body == null) {
            return new byte[0];
        }
        if (body instanceof Buffer buffer) {
            requireRoom(buffer.length(), maxBytes);
            return buffer.getBytes();
        }
        if (body instanceof String text) {
            requireRoom(text.length(), maxBytes);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            requireRoom(bytes.length, maxBytes);
            return bytes;
        }
        if (body instanceof JsonObject json) {
            return encoded(json, maxBytes);
        }
        throw new ServingException(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "a body of " + body.getClass().getSimpleName()
                        + " is not served here, expected JsonObject, Buffer or String");
    }

    /** Who writes JSON calls itself for each level. */
    private static void requireShallow(@Nullable Object value, int depth) {
        if (depth == 0) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT, "the body is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (value instanceof JsonObject json) {
            requireShallow(json.getMap(), depth);
        } else if (value instanceof JsonArray json) {
            requireShallow(json.getList(), depth);
        } else if (value instanceof Map<?, ?> members) {
            members.values().forEach(member -> requireShallow(member, depth - 1));
        } else if (value instanceof Collection<?> elements) {
            elements.forEach(element -> requireShallow(element, depth - 1));
        }
    }

    private static byte[] encoded(JsonObject json, int maxBytes) {
        requireShallow(json, MAX_DEPTH);
        var bytes = new Bounded(maxBytes);
        try {
            DatabindCodec.mapper().writeValue(bytes, json);
            return bytes.toByteArray();
        } catch (IOException e) {
            if (e.getCause() instanceof ServingException refusal) {
                throw refusal;
            }
            throw new ServingException(ErrorCode.INVALID_ARGUMENT, "the body is not valid JSON");
        }
    }

    private static void requireRoom(long bytes, int maxBytes) {
        if (bytes > maxBytes) {
            throw new ServingException(
                    ErrorCode.TOO_LARGE, "the body is larger than the " + maxBytes + " bytes this address takes");
        }
    }

    /** Refuses to grow beyond its limit. */
    private static final class Bounded extends ByteArrayOutputStream {
        private final int maxBytes;

        private Bounded(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public synchronized void write(int b) {
            requireRoom(size() + 1L, maxBytes);
            super.write(b);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            requireRoom(size() + (long) length, maxBytes);
            super.write(bytes, offset, length);
        }
    }
}
