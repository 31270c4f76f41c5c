package dev.augur.protocol;

import dev.augur.error.ServingException;
import dev.augur.inference.InferenceResponse;
import dev.augur.json.JsonBytes;
import dev.augur.tensor.Tensor;
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
    private static final int MAX_UNUSED = 1 << 12;

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
        var json =
                new JsonBytes(new byte[(int) Math.min(BYTES_AROUND + BYTES_PER_ELEMENT * elements, MAX_FIRST_BYTES)]);
        var binary = new ArrayList<ByteBuffer>();
        json.begin('{');
        json.plainName("model_name");
        json.string(response.model());
        json.plainName("model_version");
        json.string(response.version());
        if (response.id() != null) {
            json.plainName("id");
            json.string(response.id());
        }
        json.plainName("outputs");
        json.begin('[');
        for (Tensor output : response.outputs()) {
            writeHead(json, output);
            if (call.binary(output.name())) {
                writeBinarySize(json, output);
                binary.add(output.elements());
            } else {
                ElementWriter.writeData(json, output);
            }
            json.end('}');
        }
        json.end(']');
        json.end('}');
        return new InferenceBody(written(json), binary);
    }

    /** What was written, without more unused bytes behind it than a small answer has. */
    static ByteBuffer written(JsonBytes json) {
        return json.array().length - json.length() > MAX_UNUSED
                ? ByteBuffer.wrap(json.toByteArray())
                : ByteBuffer.wrap(json.array(), 0, json.length());
    }

    /** Says how many bytes of a tensor come behind the JSON. */
    static void writeBinarySize(JsonBytes json, Tensor tensor) {
        json.plainName("parameters");
        json.begin('{');
        json.plainName("binary_data_size");
        json.number(tensor.data().limit());
        json.end('}');
    }

    /** Begins a tensor and leaves it open. */
    static void writeHead(JsonBytes json, Tensor output) {
        json.begin('{');
        json.plainName("name");
        json.string(output.name());
        json.plainName("shape");
        json.begin('[');
        for (int i = 0; i < output.shape().rank(); i++) {
            json.number(output.shape().dimension(i));
        }
        json.end(']');
        json.plainName("datatype");
        json.plainString(output.datatype().name());
    }
}
