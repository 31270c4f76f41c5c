package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.FACTORY;
import static dev.augur.protocol.ProtocolJson.invalid;
import static dev.augur.protocol.ProtocolJson.malformed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.augur.inference.InferenceRequest;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /v2/models/{model}/infer} (Open Inference Protocol v2, "Inference Request JSON Object"). Keys it does
 * not know are passed over. One use, one thread.
 */
public final class InferenceRequestReader {
    private final byte[] body;
    private @Nullable String id;
    private @Nullable List<Tensor> inputs;
    private List<String> outputs = List.of();

    private InferenceRequestReader(byte[] body) {
        this.body = body;
    }

    /**
     * Reads one body.
     *
     * @param body UTF-8 JSON
     * @param version from the URL, or {@code null}
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} naming what is wrong
     */
    public static InferenceRequest read(byte[] body, String model, @Nullable String version) {
        var reader = new InferenceRequestReader(body);
        reader.readBody();
        if (reader.inputs == null) {
            throw invalid("\"inputs\" is missing: expected an array of tensors");
        }
        return new InferenceRequest(reader.id, model, version, reader.inputs, reader.outputs);
    }

    private void readBody() {
        try (var parser = FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("the body must be a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                readField(parser, parser.currentName());
            }
            if (parser.nextToken() != null) {
                throw invalid("the body goes on after the JSON object");
            }
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readField(JsonParser parser, String field) throws IOException {
        var token = parser.nextToken();
        switch (field) {
            case "id" -> id = text(parser, token, "\"id\"");
            case "inputs" -> inputs = readInputs(parser, token);
            case "outputs" -> outputs = readOutputs(parser, token);
            default -> parser.skipChildren();
        }
    }

    private List<Tensor> readInputs(JsonParser parser, JsonToken start) throws IOException {
        if (start != JsonToken.START_ARRAY) {
            throw invalid("\"inputs\" must be an array of tensors");
        }
        var tensors = new ArrayList<Tensor>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            tensors.add(new InputReader(body, tensors.size()).read(parser));
        }
        return tensors;
    }

    private static List<String> readOutputs(JsonParser parser, JsonToken start) throws IOException {
        if (start == JsonToken.VALUE_NULL) {
            return List.of();
        }
        if (start != JsonToken.START_ARRAY) {
            throw invalid("\"outputs\" must be an array of objects");
        }
        var names = new ArrayList<String>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            names.add(readOutput(parser, "outputs[" + names.size() + "]"));
        }
        return names;
    }

    private static String readOutput(JsonParser parser, String place) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid(place + " must be an object");
        }
        String name = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean isName = parser.currentName().equals("name");
            var token = parser.nextToken();
            if (isName) {
                name = text(parser, token, place + ".name");
            } else {
                parser.skipChildren();
            }
        }
        if (name == null) {
            throw invalid(place + ".name is missing");
        }
        return name;
    }

    /** A string, or {@code null} for JSON's null. */
    static @Nullable String text(JsonParser parser, JsonToken token, String place) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_STRING) {
            throw invalid(place + " must be a string");
        }
        return parser.getText();
    }
}
