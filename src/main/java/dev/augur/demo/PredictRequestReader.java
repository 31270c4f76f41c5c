package dev.augur.demo;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import dev.augur.error.Shown;
import dev.augur.protocol.RequestJson;
import dev.augur.request.InvalidJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"item_id": int, "feature_value": number}}. What is wrong is reported in the terms of FastAPI: a body
 * that is no JSON as {@code json_invalid}, every field that does not validate by its place. Keys it does not know are
 * passed over. One use, one thread.
 */
final class PredictRequestReader {
    private static final Pattern DUPLICATE = Pattern.compile("^Duplicate field '([^']{0,100})");
    private static final double LARGEST_VALUE = Double.MAX_VALUE / 2;
    private static final double LARGEST_EXACT = 1L << 53;
    private static final int EXACT_CHARS = 18; // shorter numbers fit a long or a double
    private static final int SHOWN_CHARS = 1_000;
    private static final String ITEM_ID = "item_id";
    private static final String FEATURE_VALUE = "feature_value";

    private final List<FieldError> errors = new ArrayList<>();
    private final Map<String, @Nullable Object> seen = new LinkedHashMap<>();
    private long itemId;
    private double featureValue;

    private PredictRequestReader() {}

    /**
     * Reads one body.
     *
     * @throws ServingException {@code INVALID_ARGUMENT}, see above
     */
    static PredictRequest read(byte[] body) {
        if (body.length == 0) {
            throw ServingException.invalidFields(
                    List.of(new FieldError("missing", List.of("body"), "Field required", null)));
        }
        String text = decode(RequestJson.utf8(body));
        var reader = new PredictRequestReader();
        try (var parser = RequestJson.parsers().createParser(text)) {
            reader.readBody(parser);
        } catch (JsonProcessingException e) {
            throw duplicate(e).orElseGet(() -> InvalidJson.of(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader.requireField(ITEM_ID);
        reader.requireField(FEATURE_VALUE);
        if (!reader.errors.isEmpty()) {
            throw ServingException.invalidFields(reader.errors);
        }
        return new PredictRequest(reader.itemId, reader.featureValue);
    }

    /** A field that is given twice, if that is what the parser refuses. */
    private static Optional<ServingException> duplicate(JsonProcessingException fault) {
        var field = DUPLICATE.matcher(String.valueOf(fault.getOriginalMessage()));
        return field.find()
                ? Optional.of(ServingException.invalidFields(List.of(new FieldError(
                        "duplicate_key", List.of("body", field.group(1)), "Field should be given once", null))))
                : Optional.empty();
    }

    private static String decode(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw InvalidJson.at(0, "not valid UTF-8");
        }
    }

    private void readBody(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            readOther(parser);
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            readField(parser, parser.currentName());
        }
        expectEnd(parser);
    }

    private void readOther(JsonParser parser) throws IOException {
        boolean nothing = parser.currentToken() == JsonToken.VALUE_NULL;
        boolean blank = parser.currentToken() == null;
        Object shown = shown(parser);
        parser.skipChildren();
        expectEnd(parser);
        throw ServingException.invalidFields(List.of(
                nothing || blank
                        ? new FieldError("missing", List.of("body"), "Field required", null)
                        : new FieldError(
                                "model_attributes_type",
                                List.of("body"),
                                "Input should be a valid dictionary or object to extract fields from",
                                shown)));
    }

    private static void expectEnd(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw InvalidJson.at(parser.currentTokenLocation().getCharOffset(), "Extra data");
        }
    }

    private void readField(JsonParser parser, String field) throws IOException {
        var token = parser.nextToken();
        boolean ours = field.equals(ITEM_ID) || field.equals(FEATURE_VALUE);
        if (!ours) {
            parser.skipChildren();
        } else {
            seen.put(field, shown(parser));
            if (field.equals(ITEM_ID)) {
                readItemId(parser, token);
            } else {
                readFeatureValue(parser, token);
            }
        }
    }

    private void readItemId(JsonParser parser, JsonToken token) throws IOException {
        if (!token.isNumeric()) {
            error("int_type", ITEM_ID, "Input should be a valid integer", parser);
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                error("int_parsing_size", ITEM_ID, "Input should be an integer of at most 64 bits", parser);
            } else {
                itemId = parser.getLongValue();
            }
        } else {
            double value = parser.getDoubleValue();
            if (!Double.isFinite(value)) {
                error("finite_number", ITEM_ID, "Input should be a finite number", parser);
            } else if (value != Math.rint(value) || Math.abs(value) > LARGEST_EXACT) {
                error(
                        "int_from_float",
                        ITEM_ID,
                        "Input should be a valid integer, got a number with a fractional part or an inexact one",
                        parser);
            }
            itemId = (long) value;
        }
    }

    private void readFeatureValue(JsonParser parser, JsonToken token) throws IOException {
        if (!token.isNumeric()) {
            error("float_type", FEATURE_VALUE, "Input should be a valid number", parser);
            return;
        }
        featureValue = parser.getDoubleValue();
        if (!Double.isFinite(featureValue)) {
            error("finite_number", FEATURE_VALUE, "Input should be a finite number", parser);
        } else if (Math.abs(featureValue) > LARGEST_VALUE) {
            error("less_than_equal", FEATURE_VALUE, "Input should be at most " + LARGEST_VALUE + " in size", parser);
        }
    }

    private void requireField(String field) {
        if (!seen.containsKey(field)) {
            errors.add(new FieldError("missing", List.of("body", field), "Field required", new LinkedHashMap<>(seen)));
        }
    }

    /** Notes what is wrong with the value at which the parser stands, and leaves that value behind. */
    private void error(String type, String field, String message, JsonParser parser) throws IOException {
        errors.add(new FieldError(type, List.of("body", field), message, shown(parser)));
        parser.skipChildren();
    }

    /** The value at which the parser stands, for the answer: long ones are cut, arrays and objects left out. */
    private static @Nullable Object shown(JsonParser parser) throws IOException {
        var token = parser.currentToken();
        if (token == null || !token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token.isBoolean()) {
            return parser.getBooleanValue();
        }
        if (token.isNumeric()) {
            boolean plain = Double.isFinite(parser.getDoubleValue()) && parser.getTextLength() < EXACT_CHARS;
            return plain ? parser.getNumberValue() : Shown.cut(parser.getText(), SHOWN_CHARS);
        }
        return Shown.cut(parser.getText(), SHOWN_CHARS);
    }
}
