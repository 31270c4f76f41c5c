package dev.augur.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceResponse;
import dev.augur.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/**
 * Writes the answer of {@code POST /v2/models/{model}/infer} (Open Inference Protocol v2, "Inference Response JSON
 * Object", and its binary tensor data extension). Tensors in JSON are flat arrays. Thread-safe.
 */
public final class InferenceResponseWriter {
    private static final int BYTES_PER_ELEMENT = 12;
    private static final int BYTES_AROUND = 256;
    private static final long MAX_FIRST_BYTES = 1 << 24;

    private InferenceResponseWriter() {}

    /**
     * Writes one answer.
     *
     * @param call what was asked, for the form of each output
     * @throws ServingException {@code INVALID_ARGUMENT} naming the output that JSON cannot express: a NaN, an infinity,
     *     or bytes that are no UTF-8
     */
    public static InferenceBody write(InferenceResponse response, InferenceCall call) {
        long elements = 0;
        for (Tensor output : response.outputs()) {
            elements += output.count();
        }
        var bytes =
                new ByteArrayOutputStream((int) Math.min(BYTES_AROUND + BYTES_PER_ELEMENT * elements, MAX_FIRST_BYTES));
        var binary = new ArrayList<ByteBuffer>();
        try (var json = ProtocolJson.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("model_name", response.model());
            json.writeStringField("model_version", response.version());
            if (response.id() != null) {
                json.writeStringField("id", response.id());
            }
            json.writeArrayFieldStart("outputs");
            for (Tensor output : response.outputs()) {
                writeHead(json, output);
                if (call.binary(output.name())) {
                    writeBinarySize(json, output);
                    binary.add(output.elements());
                } else {
                    ElementWriter.writeData(json, bytes, output);
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new InferenceBody(ByteBuffer.wrap(bytes.toByteArray()), binary);
    }

    /** Says how many bytes of a tensor come behind the JSON. */
    static void writeBinarySize(JsonGenerator json, Tensor tensor) throws IOException {
        json.writeObjectFieldStart("parameters");
        json.writeNumberField("binary_data_size", tensor.data().limit());
        json.writeEndObject();
    }

    /** Begins a tensor and leaves it open. */
    static void writeHead(JsonGenerator json, Tensor output) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", output.name());
        json.writeFieldName("shape");
        long[] dimensions = output.shape().toArray();
        json.writeArray(dimensions, 0, dimensions.length);
        json.writeStringField("datatype", output.datatype().name());
    }
}
