package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.invalid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceResponse;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to a request of {@link InferenceRequestWriter}: JSON, and behind it the outputs in binary.
 * Thread-safe.
 */
public final class InferenceResponseReader {
    private InferenceResponseReader() {}

    /**
     * Reads one answer.
     *
     * @param jsonBytes how much of it is JSON
     * @throws ServingException {@code INVALID_ARGUMENT} for what is no answer, naming the place
     */
    public static InferenceResponse read(byte[] body, int jsonBytes) {
        if (jsonBytes < 0 || jsonBytes > body.length) {
            throw invalid("the JSON has " + jsonBytes + " bytes, the body " + body.length);
        }
        var json = tree(Arrays.copyOf(body, jsonBytes));
        var binary = ByteBuffer.wrap(body, jsonBytes, body.length - jsonBytes);
        List<Tensor> outputs = new ArrayList<>();
        for (JsonNode output : json.path("outputs")) {
            outputs.add(output(output, binary));
        }
        return new InferenceResponse(
                text(json, "id"),
                required(json, "model_name"),
                required(json, "model_version"),
                /* artifactDigest= */ null,
                outputs,
                /* times= */ null);
    }

    private static JsonNode tree(byte[] json) {
        try {
            return RequestJson.tree(json);
        } catch (IOException e) {
            throw invalid("the answer is not valid JSON");
        }
    }

    private static Tensor output(JsonNode output, ByteBuffer binary) {
        String name = required(output, "name");
        int bytes = output.path("parameters").path("binary_data_size").asInt(-1);
        if (bytes < 0 || bytes > binary.remaining()) {
            throw invalid("output \"" + name + "\": expected a binary_data_size up to " + binary.remaining()
                    + ", found " + output.path("parameters").path("binary_data_size"));
        }
        var data = binary.slice(binary.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        binary.position(binary.position() + bytes);
        long[] shape = new long[output.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = output.path("shape").get(i).asLong(-1);
        }
        try {
            return new Tensor(name, DataType.valueOf(required(output, "datatype")), Shape.of(shape), data);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw invalid("output \"" + name + "\": " + e.getMessage());
        }
    }

    private static String required(JsonNode json, String field) {
        String text = text(json, field);
        if (text == null) {
            throw invalid("\"" + field + "\" is missing");
        }
        return text;
    }

    private static @Nullable String text(JsonNode json, String field) {
        var value = json.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }
}
