package dev.augur.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import dev.augur.model.ModelLoadException;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** ONNX Runtime's types in the protocol's terms. Thread-safe. */
final class OnnxTypes {
    private OnnxTypes() {}

    /** The metadata of a model's inputs or outputs; refuses what is not a tensor of fixed-size elements. */
    static List<TensorMetadata> metadata(String kind, Collection<NodeInfo> nodes) throws ModelLoadException {
        var tensors = new ArrayList<TensorMetadata>();
        for (NodeInfo node : nodes) {
            if (!(node.getInfo() instanceof TensorInfo tensor)) {
                throw new ModelLoadException(kind + " \"" + node.getName() + "\" is not a tensor");
            }
            var datatype = datatype(kind, node.getName(), tensor);
            tensors.add(new TensorMetadata(node.getName(), datatype, Shape.of(tensor.getShape())));
        }
        return tensors;
    }

    private static DataType datatype(String kind, String name, TensorInfo tensor) throws ModelLoadException {
        boolean input = kind.equals("input");
        return switch (tensor.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DataType.BOOL;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DataType.INT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DataType.INT16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DataType.INT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DataType.INT64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DataType.UINT8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DataType.FP32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DataType.FP64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> unlessInput(input, name, DataType.UINT16);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> unlessInput(input, name, DataType.UINT32);
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> unlessInput(input, name, DataType.UINT64);
            default ->
                throw new ModelLoadException(
                        kind + " \"" + name + "\" has the element type " + tensor.onnxType + ", which is not served");
        };
    }

    /** ONNX Runtime's Java API cannot make such a tensor, only read one. */
    private static DataType unlessInput(boolean input, String name, DataType datatype) throws ModelLoadException {
        if (input) {
            throw new ModelLoadException("input \"" + name + "\" has the datatype " + datatype
                    + ", which ONNX Runtime for Java cannot be given");
        }
        return datatype;
    }

    /** The type under which ONNX Runtime takes a buffer of these elements. */
    static OnnxJavaType javaType(DataType datatype) {
        return switch (datatype) {
            case BOOL -> OnnxJavaType.BOOL;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FP32 -> OnnxJavaType.FLOAT;
            case FP64 -> OnnxJavaType.DOUBLE;
            case UINT16, UINT32, UINT64 -> throw new IllegalArgumentException(datatype + " cannot be an input");
        };
    }
}
