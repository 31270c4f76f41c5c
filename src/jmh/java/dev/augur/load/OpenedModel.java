package dev.augur.load;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model as a program without Augur opens it: one session with one thread inside, one input. Thread-safe.
 *
 * @param name as in its file, {@code <name>/<version>/model.onnx}
 * @param input name of its input
 */
record OpenedModel(String name, String input, OrtSession session) {
    private static final int BEFORE_NAME = 3;

    /** Opens the files, and keeps them by their names. */
    static Map<String, OpenedModel> open(Collection<Path> files) throws OrtException {
        var models = new LinkedHashMap<String, OpenedModel>();
        for (Path file : files) {
            var name = file.getName(file.getNameCount() - BEFORE_NAME).toString();
            models.put(name, open(name, file));
        }
        return models;
    }

    private static OpenedModel open(String name, Path file) throws OrtException {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            var session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
            return new OpenedModel(name, session.getInputNames().iterator().next(), session);
        }
    }

    /** The shape of the input for that many rows. */
    long[] inputShape(int rows) throws OrtException {
        return shape(requireNonNull(session.getInputInfo().get(input)), rows);
    }

    /** The shape of an input or output for that many rows. */
    static long[] shape(NodeInfo node, int rows) {
        long[] shape = ((TensorInfo) node.getInfo()).getShape();
        shape[0] = rows;
        return shape;
    }
}
