package dev.augur.protocol;

import dev.augur.inference.InferenceRequest;
import dev.augur.inference.Priority;
import dev.augur.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/**
 * Writes a request as a client sends it (Open Inference Protocol v2, "Inference Request JSON Object", and its binary
 * tensor data extension): all inputs in binary, and all outputs wanted so. Thread-safe.
 */
public final class InferenceRequestWriter {
    private InferenceRequestWriter() {}

    /** Writes one request. Model, version and time are not in the body. */
    public static InferenceBody write(InferenceRequest request) {
        var bytes = new ByteArrayOutputStream();
        var binary = new ArrayList<ByteBuffer>();
        try (var json = ProtocolJson.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            if (request.id() != null) {
                json.writeStringField("id", request.id());
            }
            json.writeObjectFieldStart("parameters");
            json.writeBooleanField("binary_data_output", true);
            if (!request.priority().equals(Priority.DEFAULT)) {
                json.writeNumberField("priority", request.priority().level());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("inputs");
            for (Tensor input : request.inputs()) {
                InferenceResponseWriter.writeHead(json, input);
                InferenceResponseWriter.writeBinarySize(json, input);
                json.writeEndObject();
                binary.add(input.elements());
            }
            json.writeEndArray();
            if (!request.outputs().isEmpty()) {
                json.writeArrayFieldStart("outputs");
                for (String output : request.outputs()) {
                    json.writeStartObject();
                    json.writeStringField("name", output);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new InferenceBody(ByteBuffer.wrap(bytes.toByteArray()), binary);
    }
}
