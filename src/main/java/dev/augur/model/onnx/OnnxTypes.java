package dev.augur.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import dev.augur.model.ModelLoadException;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ONNX Runtime's types in the protocol's terms. Thread-safe. */
final class OnnxTypes {
    private static final int SPARSE_TENSOR = 8;
    private static final int OPTIONAL = 9;

    private OnnxTypes() {}

    /** The metadata of a model's inputs; refuses what is no tensor, or of a type the protocol lacks. */
    static List<TensorMetadata> inputs(Collection<NodeInfo> nodes) throws ModelLoadException {
        var tensors = new ArrayList<TensorMetadata>();
        for (NodeInfo node : nodes) {
            if (!(node.getInfo() instanceof TensorInfo tensor)) {
                throw new ModelLoadException("input \"" + node.getName() + "\" is not a tensor");
            }
            tensors.add(tensor(node.getName(), tensor)
                    .orElseThrow(() -> new ModelLoadException("input \"" + node.getName() + "\" has the element type "
                            + tensor.onnxType + ", which is not served")));
        }
        return tensors;
    }

    /**
     * The metadata of the outputs that are served, tensors; a sequence of maps (ZipMap) is one with a row per map and a
     * column per key.
     *
     * @param properties takes what the others are
     * @throws ModelLoadException when none is served
     */
    static List<TensorMetadata> outputs(Collection<NodeInfo> nodes, Map<String, String> properties)
            throws ModelLoadException {
        var tensors = new ArrayList<TensorMetadata>();
        var others = new LinkedHashMap<String, String>();
        for (NodeInfo node : nodes) {
            output(node).ifPresentOrElse(tensors::add, () -> others.put(node.getName(), kind(node.getInfo())));
        }
        if (tensors.isEmpty() && !others.isEmpty()) {
            throw new ModelLoadException("no output is a tensor that can be served: " + others);
        }
        others.forEach((name, kind) -> properties.put(name + ModelMetadata.NOT_SERVED, kind));
        return tensors;
    }

    private static Optional<TensorMetadata> output(NodeInfo node) {
        if (node.getInfo() instanceof TensorInfo tensor) {
            return tensor(node.getName(), tensor);
        }
        if (!(node.getInfo() instanceof SequenceInfo sequence) || !sequence.sequenceOfMaps) {
            return Optional.empty();
        }
        var datatype =
                switch (sequence.mapInfo.valueType) {
                    case FLOAT -> DataType.FP32;
                    case DOUBLE -> DataType.FP64;
                    default -> null;
                };
        return Optional.ofNullable(datatype)
                .map(known -> new TensorMetadata(node.getName(), known, Shape.of(Shape.VARIABLE, Shape.VARIABLE)));
    }

    /** What an output is that is not served. */
    private static String kind(ValueInfo value) {
        if (value instanceof TensorInfo) {
            return "a tensor of a datatype that the protocol lacks";
        }
        if (value instanceof SequenceInfo sequence) {
            return sequence.sequenceOfMaps
                    ? "a sequence of maps to " + sequence.mapInfo.valueType
                    : "a sequence of " + sequence.sequenceType + " tensors";
        }
        return "a map";
    }

    /** What a type of the ONNX project's {@code TypeProto} is, if ONNX Runtime for Java does not know it at all. */
    static Optional<String> foreign(Fields type) {
        if (type.has(SPARSE_TENSOR)) {
            return Optional.of("a sparse tensor");
        }
        return type.has(OPTIONAL) ? Optional.of("an optional value") : Optional.empty();
    }

    private static Optional<TensorMetadata> tensor(String name, TensorInfo tensor) {
        var datatype =
                switch (tensor.onnxType) {
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DataType.BOOL;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DataType.INT8;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DataType.INT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DataType.INT32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DataType.INT64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DataType.UINT8;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> DataType.UINT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> DataType.UINT32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> DataType.UINT64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> DataType.FP16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> DataType.BF16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DataType.FP32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DataType.FP64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> DataType.BYTES;
                    default -> null;
                };
        return Optional.ofNullable(datatype).map(known -> new TensorMetadata(name, known, Shape.of(tensor.getShape())));
    }

    /**
     * The datatype of that number in the ONNX project's {@code TensorProto.DataType}; none if the protocol lacks it.
     */
    static Optional<DataType> datatype(long number) {
        return Optional.ofNullable(
                switch (Math.toIntExact(number)) {
                    case 1 -> DataType.FP32;
                    case 2 -> DataType.UINT8;
                    case 3 -> DataType.INT8;
                    case 4 -> DataType.UINT16;
                    case 5 -> DataType.INT16;
                    case 6 -> DataType.INT32;
                    case 7 -> DataType.INT64;
                    case 8 -> DataType.BYTES;
                    case 9 -> DataType.BOOL;
                    case 10 -> DataType.FP16;
                    case 11 -> DataType.FP64;
                    case 12 -> DataType.UINT32;
                    case 13 -> DataType.UINT64;
                    case 16 -> DataType.BF16;
                    default -> null;
                });
    }

    /** The type under which ONNX Runtime for Java takes a buffer of these bits; it lacks the wider unsigned ones. */
    static OnnxJavaType javaType(DataType datatype) {
        return switch (datatype) {
            case BOOL -> OnnxJavaType.BOOL;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT16, UINT16 -> OnnxJavaType.INT16;
            case INT32, UINT32 -> OnnxJavaType.INT32;
            case INT64, UINT64 -> OnnxJavaType.INT64;
            case FP16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
            case FP32 -> OnnxJavaType.FLOAT;
            case FP64 -> OnnxJavaType.DOUBLE;
            case BYTES -> OnnxJavaType.STRING;
        };
    }
}
