package dev.augur.protocol;

import dev.augur.inference.InferenceRequest;
import dev.augur.inference.Priority;
import dev.augur.json.JsonBytes;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a request as a client sends it (Open Inference Protocol v2, "Inference Request JSON Object", and its binary
 * tensor data extension): all inputs in binary, and all outputs wanted so. Thread-safe.
 */
public final class InferenceRequestWriter {
    private static final int FIRST_BYTES = 256;

    private InferenceRequestWriter() {}

    /** Writes one request. Model, version and time are not in the body. */
    public static InferenceBody write(InferenceRequest request) {
        var json = new JsonBytes(new byte[FIRST_BYTES]);
        var binary = new ArrayList<ByteBuffer>();
        json.begin('{');
        if (request.id() != null) {
            json.plainName("id");
            json.string(request.id());
        }
        json.plainName("parameters");
        json.begin('{');
        json.plainName("binary_data_output");
        json.literal("true");
        if (!request.priority().equals(Priority.DEFAULT)) {
            json.plainName("priority");
            json.number(request.priority().level());
        }
        json.end('}');
        json.plainName("inputs");
        json.begin('[');
        for (Tensor input : request.inputs()) {
            InferenceResponseWriter.writeHead(json, input);
            InferenceResponseWriter.writeBinarySize(json, input);
            json.end('}');
            binary.add(input.elements());
        }
        json.end(']');
        if (!request.outputs().isEmpty()) {
            writeOutputs(json, request.outputs());
        }
        json.end('}');
        return new InferenceBody(InferenceResponseWriter.written(json), binary);
    }

    private static void writeOutputs(JsonBytes json, List<String> outputs) {
        json.plainName("outputs");
        json.begin('[');
        for (String output : outputs) {
            json.begin('{');
            json.plainName("name");
            json.string(output);
            json.end('}');
        }
        json.end(']');
    }
}
