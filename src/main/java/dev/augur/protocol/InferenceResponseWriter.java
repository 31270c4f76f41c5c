package dev.augur.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceResponse;
import dev.augur.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Writes the answer of {@code POST /v2/models/{model}/infer} (Open Inference Protocol v2, "Inference Response JSON Object"), with
 * {@code data} as flat arrays. Thread-safe.
 */
public final class InferenceResponseWriter {
    private static final int BYTES_PER_ELEMENT = 12;
    private static final int BYTES_AROUND = 256;

    private InferenceResponseWriter() {}

    /**
     * Writes one answer.
     *
     * @return UTF-8 JSON
     * @throws ServingException {@code PREDICTION_FAILED} naming the output, when it holds a NaN or an infinity: JSON has neither
     */
    public static byte[] write(InferenceResponse response) {
        int elements = response.outputs().stream().mapToInt(Tensor::count).sum();
        var bytes = new ByteArrayOutputStream(BYTES_AROUND + BYTES_PER_ELEMENT * elements);
        try (var json = ProtocolJson.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("model_name", response.model());
            json.writeStringField("model_version", response.version());
            if (response.id() != null) {
                json.writeStringField("id", response.id());
            }
            json.writeArrayFieldStart("outputs");
            for (Tensor output : response.outputs()) {
                writeOutput(json, output);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeOutput(JsonGenerator json, Tensor output) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", output.name());
        json.writeFieldName("shape");
        long[] dimensions = output.shape().toArray();
        json.writeArray(dimensions, 0, dimensions.length);
        json.writeStringField("datatype", output.datatype().name());
        json.writeArrayFieldStart("data");
        ByteBuffer elements = output.elements();
        while (elements.hasRemaining()) {
            writeElement(json, output, elements);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeElement(JsonGenerator json, Tensor output, ByteBuffer elements) throws IOException {
        switch (output.datatype()) {
            case BOOL -> json.writeBoolean(elements.get() != 0);
            case INT8 -> json.writeNumber(elements.get());
            case UINT8 -> json.writeNumber(Byte.toUnsignedInt(elements.get()));
            case INT16 -> json.writeNumber(elements.getShort());
            case UINT16 -> json.writeNumber(Short.toUnsignedInt(elements.getShort()));
            case INT32 -> json.writeNumber(elements.getInt());
            case UINT32 -> json.writeNumber(Integer.toUnsignedLong(elements.getInt()));
            case INT64 -> json.writeNumber(elements.getLong());
            case UINT64 -> json.writeNumber(new BigInteger(Long.toUnsignedString(elements.getLong())));
            case FP32 -> json.writeNumber((float) finite(output, elements.getFloat()));
            case FP64 -> json.writeNumber(finite(output, elements.getDouble()));
        }
    }

    private static double finite(Tensor output, double value) {
        if (!Double.isFinite(value)) {
            throw new ServingException(
                    ErrorCode.PREDICTION_FAILED,
                    "output \"" + output.name() + "\" holds " + value + ", which JSON cannot express");
        }
        return value;
    }
}
