package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.invalid;

import dev.augur.inference.InferenceRequest;
import dev.augur.inference.Priority;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a raw request: the body is the one input that the model needs and nothing else (binary tensor data extension,
 * "Raw Binary Request"). The first dimension is the batch; where it and another one are free, it is 1. Thread-safe.
 */
public final class RawRequestReader {
    private RawRequestReader() {}

    /**
     * Reads one body; every output is wanted in binary.
     *
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} when the model has several inputs or the size
     *     fits none of its shapes
     */
    public static InferenceCall read(byte[] body, ModelMetadata metadata, @Nullable String version) {
        var required = metadata.requiredInputs();
        if (required.size() != 1) {
            throw invalid(
                    "a raw request needs a model with one input, \"" + metadata.name() + "\" has " + required.size());
        }
        var input = required.get(0);
        var tensor = input.datatype() == DataType.BYTES ? string(input, body) : numbers(input, body);
        var request = new InferenceRequest(
                null, metadata.name(), version, List.of(tensor), List.of(), null, Priority.DEFAULT);
        return new InferenceCall(request, Map.of(), /* binaryByDefault= */ true, Map.of());
    }

    private static Tensor string(TensorMetadata input, byte[] body) {
        long[] ones = new long[input.shape().rank()];
        java.util.Arrays.fill(ones, 1);
        return Tensor.ofBytes(input.name(), Shape.of(ones), List.of(body));
    }

    private static Tensor numbers(TensorMetadata input, byte[] body) {
        long[] dimensions = input.shape().toArray();
        int free = lastFree(dimensions);
        if (free > 0 && dimensions[0] == Shape.VARIABLE) {
            dimensions[0] = 1;
        }
        if (free >= 0) {
            long known = 1;
            for (int i = 0; i < dimensions.length; i++) {
                known = i == free ? known : Math.multiplyExact(known, dimensions[i]);
            }
            if (known < 0) {
                throw invalid("input \"" + input.name() + "\": a raw request cannot tell the free dimensions of shape "
                        + input.shape());
            }
            dimensions[free] = known == 0 ? 0 : body.length / input.datatype().elementBytes() / known;
        }
        return BinarySection.tensor(input.name(), input.datatype(), Shape.of(dimensions), ByteBuffer.wrap(body));
    }

    private static int lastFree(long[] dimensions) {
        for (int i = dimensions.length - 1; i >= 0; i--) {
            if (dimensions[i] == Shape.VARIABLE) {
                return i;
            }
        }
        return -1;
    }
}
