package dev.augur.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.augur.model.Model;
import dev.augur.model.ModelLoadException;
import dev.augur.model.ModelLoader;
import dev.augur.model.ModelMetadata;
import dev.augur.model.ModelSource;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads {@code model.onnx} into ONNX Runtime. Thread-safe on worker threads. */
public final class OnnxModelLoader implements ModelLoader {
    private static final String FILE = "model.onnx";
    private static final String PLATFORM = "onnx_onnxv1";

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
    public Model load(ModelSource source) throws ModelLoadException {
        Path file = source.directory().resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new ModelLoadException(FILE + " is not there");
        }
        var environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "augur");
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1); // the workers are the threads; ORT adds none of its own
            options.setInterOpNumThreads(1);
            return model(source, environment, environment.createSession(file.toString(), options));
        } catch (OrtException e) {
            throw new ModelLoadException(withoutPath(String.valueOf(e.getMessage()), file), e);
        }
    }

    /** Takes the session over, or closes it if its model cannot be served. */
    private static Model model(ModelSource source, OrtEnvironment environment, OrtSession session)
            throws OrtException, ModelLoadException {
        try {
            return new OnnxModel(environment, session, metadata(source, session));
        } catch (OrtException | ModelLoadException e) {
            session.close();
            throw e;
        }
    }

    private static ModelMetadata metadata(ModelSource source, OrtSession session)
            throws OrtException, ModelLoadException {
        return new ModelMetadata(
                source.name(),
                source.version(),
                PLATFORM,
                OnnxTypes.metadata("input", session.getInputInfo().values()),
                OnnxTypes.metadata("output", session.getOutputInfo().values()),
                session.getMetadata().getCustomMetadata());
    }

    /** ONNX Runtime names the full path of the file; clients must not see where the models lie. */
    private static String withoutPath(String message, Path file) {
        String shown = message.replace(file.toString(), FILE)
                .replace(file.toAbsolutePath().toString(), FILE);
        var folder = file.toAbsolutePath().normalize().getParent();
        return folder == null ? shown : shown.replace(folder.toString(), "");
    }
}
