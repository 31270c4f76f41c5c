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
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
    public boolean accepts(ModelSource source) {
        return Files.isRegularFile(source.directory().resolve(FILE));
    }

    @Override
    public Model load(ModelSource source) throws ModelLoadException {
        Path file = source.directory().resolve(FILE);
        var environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "augur");
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(source.threads()); // the calling worker is one of them
            options.setInterOpNumThreads(1);
            return model(source, environment, environment.createSession(file.toString(), options));
        } catch (OrtException e) {
            throw new ModelLoadException(reason(String.valueOf(e.getMessage()), file), e);
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
                OnnxTypes.inputs(session.getInputInfo().values()),
                OnnxTypes.outputs(session.getOutputInfo().values()),
                session.getMetadata().getCustomMetadata());
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
