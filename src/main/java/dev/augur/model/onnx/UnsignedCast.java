package dev.augur.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.augur.tensor.DataType;
import java.util.List;
import java.util.Map;

/**
 * Makes tensors of UINT16, UINT32 and UINT64, which ONNX Runtime for Java cannot: a graph of one Cast node, which keeps
 * the bits, takes the signed tensor of the same width. Thread-safe on worker threads.
 */
final class UnsignedCast implements AutoCloseable {
    private static final int INT16 = 5;
    private static final int INT32 = 6;
    private static final int INT64 = 7;
    private static final int UINT16 = 4;
    private static final int UINT32 = 12;
    private static final int UINT64 = 13;

    private final OrtSession session;

    UnsignedCast(OrtEnvironment environment, DataType datatype) throws OrtException {
        byte[] graph =
                switch (datatype) {
                    case UINT16 -> model(INT16, UINT16);
                    case UINT32 -> model(INT32, UINT32);
                    case UINT64 -> model(INT64, UINT64);
                    default -> throw new IllegalArgumentException(datatype + " needs no cast");
                };
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            this.session = environment.createSession(graph, options);
        }
    }

    /** Whether tensors of that datatype have to be made here. */
    static boolean needed(DataType datatype) {
        return datatype == DataType.UINT16 || datatype == DataType.UINT32 || datatype == DataType.UINT64;
    }

    /** The tensor of the same bits; it lives as long as the result, which the caller closes. */
    OrtSession.Result cast(OnnxTensor signed) throws OrtException {
        return session.run(Map.of("x", signed));
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }

    private static byte[] model(int from, int to) {
        return new GraphBuilder()
                .input("x", from)
                .node("Cast", List.of("x"), "y", GraphBuilder.number("to", to))
                .output("y", to)
                .bytes();
    }
}
