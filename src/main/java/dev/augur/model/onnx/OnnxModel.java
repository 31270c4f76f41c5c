package dev.augur.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.RowIndependence;
import dev.augur.model.Run;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
    private final RowIndependence rows;
    private final Map<String, TensorMetadata> outputs;
    private final Map<DataType, UnsignedCast> casts = new EnumMap<>(DataType.class);
    private final @Nullable ExactStrings strings;
    private final RunMemory.Stock stock = new RunMemory.Stock();
    private volatile boolean foreseen = true;
    private final OnnxInputs defaults;
    private final Map<String, OnnxTensorLike> defaultTensors;

    /** What a model is made of, as its file says it. */
    record Description(ModelMetadata metadata, Map<String, Tensor> defaults, RowIndependence rows) {}

    OnnxModel(OrtEnvironment environment, OrtSession session, Description description) throws OrtException {
        this.environment = environment;
        this.session = session;
        this.metadata = description.metadata();
        this.rows = description.rows();
        this.outputs = metadata.outputs().stream()
                .collect(Collectors.toUnmodifiableMap(TensorMetadata::name, Function.identity()));
        for (TensorMetadata input : metadata.inputs()) {
            if (UnsignedCast.needed(input.datatype()) && !casts.containsKey(input.datatype())) {
                casts.put(input.datatype(), new UnsignedCast(environment, input.datatype()));
            }
        }
        boolean yieldsStrings = metadata.outputs().stream().anyMatch(output -> output.datatype() == DataType.BYTES);
        this.strings = yieldsStrings ? new ExactStrings(environment) : null;
        this.defaults = new OnnxInputs(
                environment, casts, bytes -> ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
        this.defaultTensors =
                this.defaults.feed(List.copyOf(description.defaults().values()));
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public RowIndependence rowIndependence() {
        return rows;
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, List<String> wanted, Run run) {
        try (var memory = stock.take();
                var options = options(inputs);
                var fed = new OnnxInputs(environment, casts, memory::allocate)) {
            var tensors = fed.feed(inputs);
            defaultTensors.forEach(tensors::putIfAbsent);
            run.begun(() -> terminate(options));
            try {
                return run(new Ready(tensors, wanted, rows(inputs), options), memory);
            } finally {
                run.ended();
            }
        } catch (OrtException e) {
            LOG.warn("model {} version {} failed: {}", metadata.name(), metadata.version(), e.getMessage());
            throw new ServingException(
                    ErrorCode.PREDICTION_FAILED, "model \"" + metadata.name() + "\" failed on these inputs");
        }
    }

    /** What a run needs. */
    private record Ready(
            Map<String, OnnxTensorLike> fed, List<String> wanted, long rows, OrtSession.RunOptions options) {}

    /** A model whose outputs prove to have other shapes than foreseen is not given memory for them any more. */
    private List<Tensor> run(Ready ready, RunMemory memory) throws OrtException {
        try (var pinned = new PinnedOutputs(environment, memory)) {
            if (foreseen) {
                for (String name : ready.wanted()) {
                    pinned.add(output(name), ready.rows());
                }
            }
            try {
                return run(ready, pinned.tensors());
            } catch (OrtException e) {
                if (pinned.tensors().isEmpty()) {
                    throw e;
                }
                var outputs = run(ready, Map.of()); // fails again where it was not for the shapes
                foreseen = false;
                return outputs;
            }
        }
    }

    private List<Tensor> run(Ready ready, Map<String, OnnxTensor> pinned) throws OrtException {
        var others = new LinkedHashSet<>(ready.wanted());
        others.removeAll(pinned.keySet());
        try (var result = session.run(ready.fed(), others, pinned, ready.options())) {
            var tensors = new ArrayList<Tensor>(ready.wanted().size());
            for (String name : ready.wanted()) {
                tensors.add(OnnxOutputs.read(output(name), result.get(name).orElseThrow(), strings));
            }
            return tensors;
        }
    }

    /** The first dimension, where all inputs share it; 0 otherwise. */
    private static long rows(List<Tensor> inputs) {
        var lengths = inputs.stream()
                .mapToLong(
                        input -> input.shape().rank() == 0 ? 0 : input.shape().dimension(0))
                .distinct()
                .toArray();
        return lengths.length == 1 ? lengths[0] : 0;
    }

    /**
     * ONNX Runtime keeps the memory of its largest run for the next ones; after a large one it is asked to give it
     * back.
     */
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
            if (strings != null) {
                strings.close();
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
