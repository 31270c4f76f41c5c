package dev.augur.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import dev.augur.model.ModelLoadException;
import dev.augur.scratch.ScratchException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The environment of ONNX Runtime, which all sessions share. Called on a worker thread; blocks. */
final class OnnxEnvironment {
    /**
     * ONNX Runtime 1.29 searches the command line of the process with regular expressions when it starts, unless
     * {@code ORT_DISABLE_TELEMETRY} is set, and takes some 600 bytes of stack for each of its characters: 5,000 of
     * them, as a class path easily has, overflow the stack of an ordinary thread and end the process.
     */
    private static final long STACK_BYTES = 256L << 20;

    private OnnxEnvironment() {}

    /**
     * The environment; the first call starts it, on a thread of its own.
     *
     * @throws ModelLoadException when it does not start
     */
    static synchronized OrtEnvironment open() throws ModelLoadException {
        var start = new FutureTask<>(() -> NativeLibraries.with(
                () -> OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "augur")));
        new Thread(null, start, "augur-onnx-start", STACK_BYTES).start();
        try {
            return start.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelLoadException("loading was interrupted", e);
        } catch (ExecutionException e) {
            throw new ModelLoadException("ONNX Runtime does not start: " + reason(e.getCause()), e);
        }
    }

    private static String reason(@Nullable Throwable cause) {
        return String.valueOf(cause instanceof ScratchException ? cause.getMessage() : root(cause));
    }

    /** Failures of a class's initialization say nothing by themselves. */
    private static @Nullable Throwable root(@Nullable Throwable failure) {
        return failure == null || failure.getCause() == null ? failure : root(failure.getCause());
    }
}
