package dev.augur.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How the JSON of requests is read, the same on every route and address: UTF-8, or UTF-16 and UTF-32 as their first
 * bytes tell, with or without a byte order mark; one value and white space around it; {@code NaN} and {@code Infinity}
 * as numbers; no key twice in one object, since readers differ in which of the two they take. Thread-safe.
 */
public final class RequestJson {
    private static final ObjectMapper TREES = JsonMapper.builder(ProtocolJson.FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    /** Longest {@code id} of a request. */
    public static final int MAX_ID_CHARS = 1_024;

    private static final byte[] UTF_8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    private static final char MARK = '\uFEFF';

    private RequestJson() {}

    /** What reads one value after the other, from text. */
    public static JsonFactory parsers() {
        return ProtocolJson.FACTORY;
    }

    /** The value of a body; numbers with a fraction are doubles. A missing node for an empty body. */
    public static JsonNode tree(byte[] body) throws IOException {
        return TREES.readTree(utf8(body));
    }

    /** As {@link #tree}, with every number as its digits say. */
    public static JsonNode exactTree(byte[] body) throws IOException {
        return TREES.reader(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).readTree(utf8(body));
    }

    /** A value of plain Java objects. */
    public static Object plain(JsonNode value) throws IOException {
        return TREES.treeToValue(value, Object.class);
    }

    /** A value as bytes of JSON. */
    public static byte[] bytes(JsonNode value) throws IOException {
        return TREES.writeValueAsBytes(value);
    }

    /**
     * The field {@code id} of a body that may be wrong otherwise; {@code null} if it has none, or none that can be
     * read.
     */
    public static @Nullable String id(byte[] body) {
        try (var parser = ProtocolJson.FACTORY.createParser(utf8(body))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("id");
                var value = parser.nextToken();
                if (found) {
                    boolean fits = value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT;
                    return fits && parser.getTextLength() <= MAX_ID_CHARS ? parser.getText() : null;
                }
                parser.skipChildren();
            }
        } catch (IOException unreadable) {
            return null; // who reads the body says where
        }
        return null;
    }

    /**
     * The same JSON in UTF-8, without a byte order mark: the body itself where it is that. What is in no such encoding
     * stays as it is.
     */
    public static byte[] utf8(byte[] body) {
        boolean plain = body.length < 2 || (body[0] > 0 && body[1] != 0);
        if (plain) {
            return body;
        }
        if (Arrays.equals(body, 0, Math.min(UTF_8_MARK.length, body.length), UTF_8_MARK, 0, UTF_8_MARK.length)) {
            return Arrays.copyOfRange(body, UTF_8_MARK.length, body.length);
        }
        try {
            String text =
                    charset(body).newDecoder().decode(ByteBuffer.wrap(body)).toString();
            return text.substring(!text.isEmpty() && text.charAt(0) == MARK ? 1 : 0)
                    .getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            return body; // the parser will say where
        }
    }

    /**
     * JSON begins with a mark or with a character of ASCII, so the zeros around it tell how wide its characters are.
     */
    private static Charset charset(byte[] body) {
        int first = at(body, 0) << 8 | at(body, 1);
        int second = at(body, 2) << 8 | at(body, 3);
        if (body.length >= 4 && first == 0) {
            return UTF_32BE; // 00 00 FE FF, or 00 00 00 x
        }
        boolean little = first == 0xFFFE || at(body, 1) == 0;
        if (body.length >= 4 && little && second == 0) {
            return UTF_32LE; // FF FE 00 00, or x 00 00 00
        }
        if (little) {
            return StandardCharsets.UTF_16LE;
        }
        return first == 0xFEFF || at(body, 0) == 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
    }

    private static int at(byte[] body, int index) {
        return index < body.length ? body[index] & 0xFF : -1;
    }
}
