package dev.augur.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.augur.model.Model;
import dev.augur.model.ModelLoadException;
import dev.augur.model.ModelLoader;
import dev.augur.model.ModelMetadata;
import dev.augur.model.ModelSource;
import dev.augur.model.TensorMetadata;
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

    /** A session, the defaults of the inputs that may be left out, and the classes of outputs whose columns have some. */
    private record Opened(OrtSession session, Map<String, Tensor> defaults, Map<String, List<Object>> classes) {}

    /** A file whose changed form does not load is loaded as it is: its optional inputs are constants then. */
    private static Opened open(OrtEnvironment environment, Path file, OrtSession.SessionOptions options)
            throws OrtException {
        var changed = ChangedFile.of(file);
        if (changed.isPresent()) {
            options.addConfigEntry(
                    WEIGHTS_DIRECTORY, String.valueOf(file.toAbsolutePath().getParent()));
            try {
                var session = environment.createSession(changed.get().bytes(), options);
                return new Opened(
                        session, changed.get().defaults(), changed.get().classes());
            } catch (OrtException e) {
                LOG.warn(
                        "{} loads only as it is, without optional inputs and names of classes: {}",
                        file,
                        e.getMessage());
            }
        }
        return new Opened(environment.createSession(file.toString(), options), Map.of(), Map.of());
    }

    /** Takes the session over, or closes it if its model cannot be served. */
    private static Model model(ModelSource source, OrtEnvironment environment, Opened opened)
            throws OrtException, ModelLoadException {
        try {
            return new OnnxModel(environment, opened.session(), metadata(source, opened), opened.defaults());
        } catch (OrtException | ModelLoadException e) {
            opened.session().close();
            throw e;
        }
    }

    private static ModelMetadata metadata(ModelSource source, Opened opened) throws OrtException, ModelLoadException {
        var session = opened.session();
        return new ModelMetadata(
                source.name(),
                source.version(),
                PLATFORM,
                withDefaults(OnnxTypes.inputs(session.getInputInfo().values()), opened.defaults()),
                OnnxTypes.outputs(session.getOutputInfo().values()),
                properties(session, opened.classes()));
    }

    /** Those of the file, and {@code <output>.classes}, a JSON array, for outputs whose columns have names. */
    private static Map<String, String> properties(OrtSession session, Map<String, List<Object>> classes)
            throws OrtException {
        var properties = new HashMap<>(session.getMetadata().getCustomMetadata());
        classes.forEach((output, names) -> properties.put(output + ".classes", new JsonArray(names).encode()));
        return properties;
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
