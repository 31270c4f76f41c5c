package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.FACTORY;
import static dev.augur.protocol.ProtocolJson.invalid;
import static dev.augur.protocol.ProtocolJson.malformed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.Priority;
import dev.augur.json.JsonText;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /v2/models/{model}/infer} (Open Inference Protocol v2, "Inference Request JSON Object",
 * and its binary tensor data extension). Keys it does not know are passed over. One use, one thread.
 */
public final class InferenceRequestReader {

    /** Some exporters make names of whole paths. */
    private static final int MAX_NAME_CHARS = 1 << 14;

    /**
     * What is kept of a tensor beside its elements, and of the name of an output; there is no limit to their number but
     * this.
     */
    private static final int BYTES_OF_A_TENSOR = 512;

    private static final String PARAMETERS = "\"parameters\"";

    private final RequestBody body;
    private final BinarySection binary;
    private @Nullable String id;
    private @Nullable List<Tensor> inputs;
    private Map<String, Object> parameters = Map.of();
    // Most requests name no outputs and have one input: for these there is no map to fill and to copy.
    private List<String> outputs = List.of();
    private Map<String, Boolean> binaryOutputs = Map.of();
    private Map<String, Integer> classifications = Map.of();
    private Map<String, JsonText> texts = Map.of();

    private InferenceRequestReader(RequestBody body) {
        this.body = body;
        this.binary = new BinarySection(body.bytes(), body.jsonBytes());
    }

    /**
     * Reads one body.
     *
     * @param version from the URL, or {@code null}
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} naming what is wrong
     */
    public static InferenceCall read(RequestBody body, String model, @Nullable String version) {
        var reader = new InferenceRequestReader(body);
        reader.readBody();
        if (reader.inputs == null) {
            throw invalid("\"inputs\" is missing: expected an array of tensors");
        }
        reader.binary.expectEnd();
        return new InferenceCall(
                new InferenceRequest(
                        reader.id,
                        model,
                        version,
                        reader.inputs,
                        reader.outputs,
                        timeout(reader.parameters),
                        Priority.of(reader.parameters.getOrDefault("priority", 0))),
                reader.binaryOutputs,
                ParametersReader.flag(reader.parameters, "binary_data_output", false, PARAMETERS),
                reader.classifications,
                reader.texts);
    }

    /** The parameter {@code timeout} of the scheduling policy extension, in microseconds; 0 or none is no limit. */
    private static @Nullable Duration timeout(Map<String, Object> parameters) {
        var value = parameters.get("timeout");
        if (value == null) {
            return null;
        }
        if (!(value instanceof Integer || value instanceof Long) || ((Number) value).longValue() < 0) {
            throw invalid(PARAMETERS + ".timeout must be a number of microseconds");
        }
        long micros = ((Number) value).longValue();
        return micros == 0 ? null : Duration.of(micros, ChronoUnit.MICROS);
    }

    private void readBody() {
        try (var parser = FACTORY.createParser(body.bytes(), 0, body.jsonBytes())) {
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
            throw invalid("the body is not valid UTF-8");
        }
    }

    private void readField(JsonParser parser, String field) throws IOException {
        var token = parser.nextToken();
        switch (field) {
            case "id" -> id = text(parser, token, () -> "\"id\"");
            case "parameters" -> parameters = ParametersReader.read(parser, PARAMETERS);
            case "inputs" -> inputs = readInputs(parser, token);
            case "outputs" -> readOutputs(parser, token);
            default -> parser.skipChildren();
        }
    }

    private List<Tensor> readInputs(JsonParser parser, JsonToken start) throws IOException {
        if (start != JsonToken.START_ARRAY) {
            throw invalid("\"inputs\" must be an array of tensors");
        }
        var tensors = new ArrayList<Tensor>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            body.memory().accept(BYTES_OF_A_TENSOR);
            var input = new InputReader(body, binary, tensors.size());
            var tensor = input.read(parser);
            tensors.add(tensor);
            written(tensor.name(), input.asWritten());
        }
        return tensors;
    }

    /** Of a name given twice, the last counts. */
    private void written(String name, @Nullable JsonText text) {
        if (text != null && texts.isEmpty()) {
            texts = Map.of(name, text);
        } else if (!texts.isEmpty()) {
            texts = texts instanceof HashMap ? texts : new HashMap<>(texts);
            texts.compute(name, (same, before) -> text);
        }
    }

    private void readOutputs(JsonParser parser, JsonToken start) throws IOException {
        if (start == JsonToken.VALUE_NULL) {
            return;
        }
        if (start != JsonToken.START_ARRAY) {
            throw invalid("\"outputs\" must be an array of objects");
        }
        outputs = new ArrayList<>();
        binaryOutputs = new HashMap<>();
        classifications = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            body.memory().accept(BYTES_OF_A_TENSOR);
            readOutput(parser, "outputs[" + outputs.size() + "]");
        }
    }

    private void readOutput(JsonParser parser, String place) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid(place + " must be an object");
        }
        String name = null;
        Map<String, Object> wishes = Map.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            var token = parser.nextToken();
            switch (field) {
                case "name" -> name = name(parser, token, () -> place + ".name");
                case "parameters" -> wishes = ParametersReader.read(parser, place + ".parameters");
                default -> parser.skipChildren();
            }
        }
        if (name == null) {
            throw invalid(place + ".name is missing");
        }
        outputs.add(name);
        ParametersReader.refuseSharedMemory(wishes, "output \"" + name + '"');
        if (wishes.containsKey("binary_data")) {
            binaryOutputs.put(name, ParametersReader.flag(wishes, "binary_data", false, place + ".parameters"));
        }
        var classes = wishes.get("classification");
        if (classes != null) {
            classifications.put(name, count(classes, place + ".parameters.classification"));
        }
    }

    private static int count(Object value, String place) {
        if (!(value instanceof Integer count) || count < 1) {
            throw invalid(place + " must be an integer from 1 to " + Integer.MAX_VALUE);
        }
        return count;
    }

    /** A string, or {@code null} for JSON's null. */
    static @Nullable String text(JsonParser parser, JsonToken token, Supplier<String> place) throws IOException {
        return text(parser, token, place, RequestJson.MAX_ID_CHARS);
    }

    /** The name of a tensor. Where it stands is put into words only where it is at fault. */
    static @Nullable String name(JsonParser parser, JsonToken token, Supplier<String> place) throws IOException {
        return text(parser, token, place, MAX_NAME_CHARS);
    }

    private static @Nullable String text(JsonParser parser, JsonToken token, Supplier<String> place, int maxChars)
            throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_STRING) {
            throw invalid(place.get() + " must be a string");
        }
        if (parser.getTextLength() > maxChars) {
            throw invalid(place.get() + " is longer than " + maxChars + " characters");
        }
        return parser.getText();
    }
}
