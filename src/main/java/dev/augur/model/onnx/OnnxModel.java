package dev.augur.model.onnx;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.Run;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model in an ONNX Runtime session. Every native tensor is closed in the call that made it; those of
 * the defaults live as long as the model. Thread-safe on worker threads, except
 * that {@link #close} must come when nobody is inside.
 */
final class OnnxModel implements Model {
    private static final Logger LOG = LoggerFactory.getLogger(OnnxModel.class);

    private static final long LARGE_RUN_BYTES = 1 << 20;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final ModelMetadata metadata;
    private final Map<String, TensorMetadata> outputs;
    private final Map<DataType, UnsignedCast> casts = new EnumMap<>(DataType.class);
    private final OnnxInputs defaults;
    private final Map<String, OnnxTensorLike> defaultTensors;

    OnnxModel(OrtEnvironment environment, OrtSession session, ModelMetadata metadata, Map<String, Tensor> defaults)
            throws OrtException {
        this.environment = environment;
        this.session = session;
        this.metadata = metadata;
        this.outputs = metadata.outputs().stream()
                .collect(Collectors.toUnmodifiableMap(TensorMetadata::name, Function.identity()));
        for (TensorMetadata input : metadata.inputs()) {
            if (UnsignedCast.needed(input.datatype()) && !casts.containsKey(input.datatype())) {
                casts.put(input.datatype(), new UnsignedCast(environment, input.datatype()));
            }
        }
        this.defaults = new OnnxInputs(environment, casts);
        this.defaultTensors = this.defaults.feed(List.copyOf(defaults.values()));
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, List<String> wanted, Run run) {
        try (var options = options(inputs);
                var fed = new OnnxInputs(environment, casts);
                var result = run(fed.feed(inputs), wanted, options, run)) {
            var tensors = new ArrayList<Tensor>(wanted.size());
            for (String name : wanted) {
                tensors.add(OnnxOutputs.read(output(name), result.get(name).orElseThrow()));
            }
            return tensors;
        } catch (OrtException e) {
            LOG.warn("model {} version {} failed: {}", metadata.name(), metadata.version(), e.getMessage());
            throw new ServingException(
                    ErrorCode.PREDICTION_FAILED, "model \"" + metadata.name() + "\" failed on these inputs");
        }
    }

    private OrtSession.Result run(
            Map<String, OnnxTensorLike> fed, List<String> wanted, OrtSession.RunOptions options, Run run)
            throws OrtException {
        defaultTensors.forEach(fed::putIfAbsent);
        run.begun(() -> terminate(options));
        try {
            return session.run(fed, new LinkedHashSet<>(wanted), options);
        } finally {
            run.ended();
        }
    }

    /** ONNX Runtime keeps the memory of its largest run for the next ones; after a large one it is asked to give it back. */
    private static OrtSession.RunOptions options(List<Tensor> inputs) throws OrtException {
        var options = new OrtSession.RunOptions();
        long bytes = inputs.stream().mapToLong(input -> input.data().limit()).sum();
        if (bytes > LARGE_RUN_BYTES) {
            options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        }
        return options;
    }

    private void terminate(OrtSession.RunOptions options) {
        try {
            options.setTerminate(true);
        } catch (OrtException e) {
            LOG.error("model {} version {} cannot be stopped", metadata.name(), metadata.version(), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
            defaults.close();
            for (UnsignedCast cast : casts.values()) {
                cast.close();
            }
        } catch (OrtException e) {
            LOG.error("model {} version {} did not close", metadata.name(), metadata.version(), e);
        }
    }

    private TensorMetadata output(String name) {
        var output = outputs.get(name);
        if (output == null) {
            throw new IllegalArgumentException("output " + name + " is not in the metadata");
        }
        return output;
    }
}
