package dev.augur.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model in an ONNX Runtime session. Every native tensor is closed in the call that made it. Thread-safe on worker threads, except
 * that {@link #close} must come when nobody is inside.
 */
final class OnnxModel implements Model {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxModel.class);

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final ModelMetadata metadata;
    private final Map<String, DataType> outputTypes;

    OnnxModel(OrtEnvironment environment, OrtSession session, ModelMetadata metadata) {
        this.environment = environment;
        this.session = session;
        this.metadata = metadata;
        this.outputTypes = metadata.outputs().stream()
                .collect(Collectors.toUnmodifiableMap(TensorMetadata::name, TensorMetadata::datatype));
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, List<String> outputs) {
        var fed = new LinkedHashMap<String, OnnxTensorLike>();
        try {
            for (Tensor input : inputs) {
                fed.put(input.name(), feed(input));
            }
            try (var result = session.run(fed, new LinkedHashSet<>(outputs))) {
                var tensors = new ArrayList<Tensor>(outputs.size());
                for (String output : outputs) {
                    tensors.add(read(output, result.get(output).orElseThrow()));
                }
                return tensors;
            }
        } catch (OrtException e) {
            LOG.warn("model {} version {} failed: {}", metadata.name(), metadata.version(), e.getMessage());
            throw new ServingException(
                    ErrorCode.PREDICTION_FAILED, "model \"" + metadata.name() + "\" failed on these inputs");
        } finally {
            fed.values().forEach(OnnxTensorLike::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            LOG.error("model {} version {} did not close", metadata.name(), metadata.version(), e);
        }
    }

    private OnnxTensor feed(Tensor input) throws OrtException {
        ByteBuffer direct = ByteBuffer.allocateDirect(input.data().limit()).order(ByteOrder.nativeOrder());
        direct.put(input.elements()).flip();
        return OnnxTensor.createTensor(
                environment, direct, input.shape().toArray(), OnnxTypes.javaType(input.datatype()));
    }

    private Tensor read(String name, OnnxValue value) {
        var tensor = (OnnxTensor) value;
        var shape = Shape.of(tensor.getInfo().getShape());
        var datatype = outputTypes.get(name);
        if (datatype == null) {
            throw new IllegalStateException("output " + name + " is not in the metadata");
        }
        ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(shape.elements() * datatype.elementBytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        if (copy.hasRemaining()) {
            copy.put(tensor.getByteBuffer());
        }
        return new Tensor(name, datatype, shape, copy.flip());
    }
}
