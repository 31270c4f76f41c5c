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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Copies what a model yields out of native memory. Called on a worker thread. */
final class OnnxOutputs {
    private OnnxOutputs() {}

    /**
     * One output as a tensor.
     *
     * @param strings reads strings; {@code null} if the model yields none
     */
    static Tensor read(TensorMetadata output, OnnxValue value, @Nullable ExactStrings strings) throws OrtException {
        if (value instanceof OnnxSequence sequence) {
            return maps(output, sequence);
        }
        if (!(value instanceof OnnxTensor tensor)) {
            throw failed(output, "is no tensor");
        }
        var shape = Shape.of(tensor.getInfo().getShape());
        if (strings != null && output.datatype() == DataType.BYTES) {
            return Tensor.ofBytes(output.name(), shape, strings.read(output.name(), tensor));
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
        requireClasses(output, rows);
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        var data = ByteBuffer.allocate(rows.size() * columns * output.datatype().elementBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (Map<?, ?> row : rows) {
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

    /** Names of classes that came over cut could be out of order, or one name for two classes. */
    private static void requireClasses(TensorMetadata output, List<Map<?, ?>> rows) {
        for (Map<?, ?> row : rows) {
            if (!row.keySet().equals(rows.get(0).keySet())) {
                throw failed(output, "its rows have different classes");
            }
        }
        if (!rows.isEmpty() && rows.get(0).keySet().stream().anyMatch(ExactStrings::maybeCut)) {
            throw failed(
                    output,
                    "names of classes with characters above U+FFFF cannot be read from maps; export it without ZipMap");
        }
    }

    private static ServingException failed(TensorMetadata output, String fault) {
        return new ServingException(ErrorCode.PREDICTION_FAILED, "output \"" + output.name() + "\": " + fault);
    }
}
