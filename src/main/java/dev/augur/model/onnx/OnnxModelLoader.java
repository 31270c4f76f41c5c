package dev.augur.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.augur.model.Model;
import dev.augur.model.ModelLoadException;
import dev.augur.model.ModelLoader;
import dev.augur.model.ModelMetadata;
import dev.augur.model.ModelSource;
import dev.augur.model.RowIndependence;
import dev.augur.model.TensorMetadata;
import dev.augur.model.onnx.rows.RowProof;
import dev.augur.tensor.Tensor;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads {@code model.onnx} into ONNX Runtime. Thread-safe on worker threads. */
public final class OnnxModelLoader implements ModelLoader {
    private static final String FILE = "model.onnx";
    private static final String PLATFORM = "onnx_onnxv1";

    /** Where ONNX Runtime looks for weights outside the model when the model itself comes from memory. */
    private static final String WEIGHTS_DIRECTORY = "session.model_external_initializers_file_folder_path";

    private static final Logger LOG = LoggerFactory.getLogger(OnnxModelLoader.class);

    /**
     * A loader for this machine.
     *
     * @throws IllegalStateException on a big-endian machine, which ONNX Runtime does not support either
     */
    public OnnxModelLoader() {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalStateException("only little-endian machines are supported");
        }
    }

    @Override
    public boolean accepts(ModelSource source) {
        return Files.isRegularFile(source.directory().resolve(FILE));
    }

    @Override
    public Model load(ModelSource source) throws ModelLoadException {
        Path file = source.directory().resolve(FILE);
        var environment = OnnxEnvironment.open();
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(source.threads()); // the calling worker is one of them
            options.setInterOpNumThreads(1);
            return model(source, environment, open(environment, file, options));
        } catch (OrtException e) {
            throw new ModelLoadException(reason(String.valueOf(e.getMessage()), file), e);
        }
    }

    /** A session, and what its file says beside it. */
    private record Opened(OrtSession session, Optional<ChangedFile> changed) {}

    /** A file whose changed form does not load is loaded as it is: its optional inputs are constants then. */
    private static Opened open(OrtEnvironment environment, Path file, OrtSession.SessionOptions options)
            throws OrtException {
        var changed = ChangedFile.of(file);
        if (changed.isPresent()) {
            try {
                return new Opened(fromMemory(environment, changed.get().bytes(), file, options), changed);
            } catch (OrtException e) {
                LOG.warn(
                        "{} loads only as it is, without optional inputs and names of classes: {}",
                        file,
                        e.getMessage());
            }
        }
        return new Opened(asItIs(environment, file, options), Optional.empty());
    }

    /** ONNX Runtime does not follow all links to weights in other files. */
    private static OrtSession asItIs(OrtEnvironment environment, Path file, OrtSession.SessionOptions options)
            throws OrtException {
        try {
            return environment.createSession(file.toString(), options);
        } catch (OrtException e) {
            var bytes = ChangedFile.read(file);
            if (bytes.flatMap(model -> LinkedWeights.fromRoot(model, directory(file)))
                    .isEmpty()) {
                throw e;
            }
            try {
                return fromMemory(environment, bytes.get(), file, options);
            } catch (OrtException again) {
                LOG.debug("{} does not load with its links followed either: {}", file, again.getMessage());
                throw e;
            }
        }
    }

    private static OrtSession fromMemory(
            OrtEnvironment environment, byte[] model, Path file, OrtSession.SessionOptions options)
            throws OrtException {
        var linked = LinkedWeights.fromRoot(model, directory(file));
        var weights = linked.isPresent() ? LinkedWeights.root(file) : directory(file);
        options.addConfigEntry(WEIGHTS_DIRECTORY, weights.toString());
        return environment.createSession(linked.orElse(model), options);
    }

    private static Path directory(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /** Takes the session over, or closes it if its model cannot be served. */
    private static Model model(ModelSource source, OrtEnvironment environment, Opened opened)
            throws OrtException, ModelLoadException {
        try {
            var metadata = metadata(source, opened);
            var description = new OnnxModel.Description(metadata, defaults(opened), rows(source, metadata));
            return new OnnxModel(environment, opened.session(), description);
        } catch (OrtException | ModelLoadException | RuntimeException | Error e) {
            opened.session().close();
            throw e;
        }
    }

    private static Map<String, Tensor> defaults(Opened opened) {
        return opened.changed().map(ChangedFile::defaults).orElse(Map.of());
    }

    /** Proved from the graph, for the outputs that are served, or not so. */
    private static RowIndependence rows(ModelSource source, ModelMetadata metadata) {
        try {
            var served = metadata.outputs().stream().map(TensorMetadata::name).toList();
            return RowProof.fault(GraphReader.read(source.directory().resolve(FILE)), served)
                    .map(RowIndependence::no)
                    .orElse(RowIndependence.YES);
        } catch (IOException e) {
            LOG.warn("the graph of {} version {} could not be read", source.name(), source.version(), e);
            return RowIndependence.no("its graph could not be read");
        }
    }

    private static ModelMetadata metadata(ModelSource source, Opened opened) throws OrtException, ModelLoadException {
        var session = opened.session();
        var texts = FileTexts.of(source.directory().resolve(FILE));
        if (texts.isPresent()) {
            texts.get().requireNames(session.getInputNames());
            texts.get().requireNames(session.getOutputNames());
        }
        var properties = new HashMap<>(
                texts.isPresent()
                        ? texts.get().properties()
                        : session.getMetadata().getCustomMetadata());
        opened.changed().ifPresent(changed -> add(changed, properties));
        return new ModelMetadata(
                source.name(),
                source.version(),
                PLATFORM,
                withDefaults(OnnxTypes.inputs(session.getInputInfo().values()), defaults(opened)),
                OnnxTypes.outputs(session.getOutputInfo().values(), properties),
                properties);
    }

    /**
     * What columns of outputs stand for, as {@code <output>.classes}, a JSON array; and the outputs that are not
     * served.
     */
    private static void add(ChangedFile changed, Map<String, String> properties) {
        changed.classes()
                .forEach((output, names) -> properties.put(output + ".classes", new JsonArray(names).encode()));
        changed.notServed().forEach((output, reason) -> properties.put(output + ModelMetadata.NOT_SERVED, reason));
    }

    private static List<TensorMetadata> withDefaults(List<TensorMetadata> inputs, Map<String, Tensor> defaults)
            throws ModelLoadException {
        var marked = new ArrayList<TensorMetadata>(inputs.size());
        for (TensorMetadata input : inputs) {
            var value = defaults.get(input.name());
            if (value != null
                    && (value.datatype() != input.datatype() || !input.shape().accepts(value.shape()))) {
                throw new ModelLoadException("input \"" + input.name() + "\": its default, " + value.datatype() + " "
                        + value.shape() + ", does not match " + input.datatype() + " " + input.shape());
            }
            marked.add(value == null ? input : input.asOptional());
        }
        return marked;
    }

    /** ONNX Runtime's words without paths, of the file or of its own sources: clients must not see where models lie. */
    private static String reason(String message, Path file) {
        String shown = message.replaceFirst("^Error code - \\S+ - message: ", "")
                .replaceAll("(?s)\\S+\\.(cc|h):\\d+ (\\S.*?\\) )?(?=[A-Z])", "")
                .replaceAll(" resolved path: .*", "")
                .replaceAll("\\s+", " ")
                .strip();
        for (Path path :
                List.of(file, file.toAbsolutePath(), file.toAbsolutePath().normalize(), real(file))) {
            shown = shown.replace(path.toString(), FILE).replace(String.valueOf(path.getParent()), ".");
        }
        return shown;
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file;
        }
    }
}
