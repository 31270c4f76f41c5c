package dev.augur.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import dev.augur.model.ModelLoadException;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** ONNX Runtime's types in the protocol's terms. Thread-safe. */
final class OnnxTypes {
    private OnnxTypes() {}

    /** The metadata of a model's inputs; refuses what is no tensor, or of a type the protocol lacks. */
    static List<TensorMetadata> inputs(Collection<NodeInfo> nodes) throws ModelLoadException {
        var tensors = new ArrayList<TensorMetadata>();
        for (NodeInfo node : nodes) {
            if (!(node.getInfo() instanceof TensorInfo tensor)) {
                throw new ModelLoadException("input \"" + node.getName() + "\" is not a tensor");
            }
            tensors.add(tensor("input", node.getName(), tensor));
        }
        return tensors;
    }

    /** The metadata of a model's outputs; a sequence of maps (ZipMap) is one tensor with a row per map and a column per key. */
    static List<TensorMetadata> outputs(Collection<NodeInfo> nodes) throws ModelLoadException {
        var tensors = new ArrayList<TensorMetadata>();
        for (NodeInfo node : nodes) {
            if (node.getInfo() instanceof TensorInfo tensor) {
                tensors.add(tensor("output", node.getName(), tensor));
            } else if (node.getInfo() instanceof SequenceInfo sequence && sequence.sequenceOfMaps) {
                var datatype = sequence.mapInfo.valueType == OnnxJavaType.DOUBLE ? DataType.FP64 : DataType.FP32;
                if (datatype == DataType.FP32 && sequence.mapInfo.valueType != OnnxJavaType.FLOAT) {
                    throw new ModelLoadException("output \"" + node.getName() + "\" maps to "
                            + sequence.mapInfo.valueType + ", which is not served");
                }
                tensors.add(new TensorMetadata(node.getName(), datatype, Shape.of(Shape.VARIABLE, Shape.VARIABLE)));
            } else {
                throw new ModelLoadException(
                        "output \"" + node.getName() + "\" is neither a tensor nor a sequence of maps");
            }
        }
        return tensors;
    }

    private static TensorMetadata tensor(String kind, String name, TensorInfo tensor) throws ModelLoadException {
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
                    default ->
                        throw new ModelLoadException(kind + " \"" + name + "\" has the element type " + tensor.onnxType
                                + ", which is not served");
                };
        return new TensorMetadata(name, datatype, Shape.of(tensor.getShape()));
    }

    /** The datatype of that number in the ONNX project's {@code TensorProto.DataType}; none if the protocol lacks it. */
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
