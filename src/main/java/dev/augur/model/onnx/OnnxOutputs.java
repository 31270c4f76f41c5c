package dev.augur.model.onnx;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Copies what a model yields out of native memory. Called on a worker thread. */
final class OnnxOutputs {
    private OnnxOutputs() {}

    /** One output as a tensor. */
    static Tensor read(TensorMetadata output, OnnxValue value) throws OrtException {
        if (value instanceof OnnxSequence sequence) {
            return maps(output, sequence);
        }
        var tensor = (OnnxTensor) value;
        var shape = Shape.of(tensor.getInfo().getShape());
        if (output.datatype() == DataType.BYTES) {
            var strings = new ArrayList<byte[]>();
            collect(tensor.getValue(), strings);
            return Tensor.ofBytes(output.name(), shape, strings);
        }
        ByteBuffer data = shape.elements() == 0 ? ByteBuffer.allocate(0) : tensor.getByteBuffer();
        return new Tensor(output.name(), output.datatype(), shape, data);
    }

    /** Maps from class to number, one for each row: here a row of numbers each, in the order of the sorted classes. */
    private static Tensor maps(TensorMetadata output, OnnxSequence sequence) throws OrtException {
        var rows = new ArrayList<Map<?, ?>>();
        if (sequence.getInfo().length > 0) {
            for (OnnxValue map : sequence.getValue()) {
                try (map) {
                    rows.add(new TreeMap<>(((OnnxMap) map).getValue()));
                }
            }
        }
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        var data = ByteBuffer.allocate(rows.size() * columns * output.datatype().elementBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (Map<?, ?> row : rows) {
            if (!row.keySet().equals(rows.get(0).keySet())) {
                throw new ServingException(
                        ErrorCode.PREDICTION_FAILED,
                        "output \"" + output.name() + "\": its rows have different classes");
            }
            for (Object number : row.values()) {
                if (output.datatype() == DataType.FP64) {
                    data.putDouble((Double) number);
                } else {
                    data.putFloat((Float) number);
                }
            }
        }
        return new Tensor(output.name(), output.datatype(), Shape.of(rows.size(), columns), data.flip());
    }

    private static void collect(Object value, List<byte[]> strings) {
        if (value instanceof Object[] elements) {
            for (Object element : elements) {
                collect(element, strings);
            }
        } else {
            strings.add(((String) value).getBytes(StandardCharsets.UTF_8));
        }
    }
}
