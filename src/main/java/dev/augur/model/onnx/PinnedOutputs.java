package dev.augur.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Native tensors for the outputs of one run whose shape is foreseen, ready before the run; closing frees them. ONNX
 * Runtime fails when an output turns out to have another shape. Used on one worker thread.
 */
final class PinnedOutputs implements AutoCloseable {
    private final OrtEnvironment environment;
    private final RunMemory memory;
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

    PinnedOutputs(OrtEnvironment environment, RunMemory memory) {
        this.environment = environment;
        this.memory = memory;
    }

    /** The tensors by name of the output. */
    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    /**
     * Makes a tensor for an output, unless its shape is not foreseen, it is too large, or it is of a type that cannot
     * be made.
     *
     * @param rows length of the first dimension where that is free; 0 if it is not known
     */
    void add(TensorMetadata output, long rows) throws OrtException {
        var shape = output.shape();
        if (shape.rank() > 0 && shape.dimension(0) == Shape.VARIABLE) {
            shape = shape.withRows(rows);
        }
        if (output.datatype() == DataType.BYTES || UnsignedCast.needed(output.datatype())) {
            return;
        }
        long bytes = output.datatype().elementBytes();
        for (long dimension : shape.toArray()) {
            if (dimension <= 0 || !memory.has(dimension) || !memory.has(bytes)) {
                return;
            }
            bytes *= dimension;
        }
        if (memory.has(bytes)) {
            tensors.put(
                    output.name(),
                    OnnxTensor.createTensor(
                            environment,
                            memory.allocate((int) bytes),
                            shape.toArray(),
                            OnnxTypes.javaType(output.datatype())));
        }
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }
}
