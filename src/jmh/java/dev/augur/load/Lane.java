package dev.augur.load;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one model that came in one tick of an event loop. They are read into, and answered from, memory that
 * tensors of each number of rows share. Confined to one event loop.
 */
final class Lane {
    private static final int ROWS = 32;
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    private final OpenedModel model;
    private final FloatBuffer input;
    private final List<Output> outputs = new ArrayList<>();
    private final List<Map<String, OnnxTensor>> inputsOf = new ArrayList<>();
    private final List<Map<String, OnnxTensor>> outputsOf = new ArrayList<>();
    private final List<HttpServerResponse> waiting = new ArrayList<>(ROWS);

    Lane(OpenedModel model) throws OrtException {
        this.model = model;
        int width = width(model.inputShape(1));
        var bytes = direct(ROWS * width * Float.BYTES);
        input = bytes.asFloatBuffer();
        for (var node : model.session().getOutputInfo().values()) {
            outputs.add(new Output(node));
        }
        for (int rows = 1; rows <= ROWS; rows++) {
            var part = bytes.duplicate().order(ByteOrder.nativeOrder()).limit(rows * width * Float.BYTES);
            inputsOf.add(Map.of(model.input(), tensor(part, model.inputShape(rows), OnnxJavaType.FLOAT)));
            var pinned = new HashMap<String, OnnxTensor>();
            for (Output output : outputs) {
                pinned.put(output.node.getName(), output.tensor(rows));
            }
            outputsOf.add(pinned);
        }
    }

    /** Reads a row; whether it is the first of its tick. */
    boolean add(byte[] body, HttpServerResponse response) throws IOException {
        RowReader.read(body, input);
        waiting.add(response);
        return waiting.size() == 1;
    }

    boolean full() {
        return waiting.size() == ROWS;
    }

    /** Runs what there is and answers it. */
    void run() throws OrtException {
        if (waiting.isEmpty()) {
            return; // it became full and was run
        }
        model.session()
                .run(inputsOf.get(waiting.size() - 1), outputsOf.get(waiting.size() - 1))
                .close();
        for (int row = 0; row < waiting.size(); row++) {
            waiting.get(row)
                    .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                    .end(Buffer.buffer(answer(row).getBytes(StandardCharsets.ISO_8859_1)));
        }
        waiting.clear();
        input.clear();
    }

    private String answer(int row) {
        var text = new StringBuilder(256)
                .append("{\"model_name\":\"")
                .append(model.name())
                .append("\",\"model_version\":\"1\",\"outputs\":[");
        for (int i = 0; i < outputs.size(); i++) {
            text.append(i == 0 ? "" : ",");
            outputs.get(i).append(row, text);
        }
        return text.append("]}").toString();
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    private static OnnxTensor tensor(ByteBuffer bytes, long[] shape, OnnxJavaType type) throws OrtException {
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), bytes, shape, type);
    }

    private static int width(long[] row) {
        return (int) Arrays.stream(row).reduce(1, (left, right) -> left * right);
    }

    /** An output's memory and the text around its numbers. */
    private static final class Output {
        private final NodeInfo node;
        private final OnnxJavaType type;
        private final int width;
        private final ByteBuffer bytes;
        private final String head;

        Output(NodeInfo node) {
            this.node = node;
            type = ((TensorInfo) node.getInfo()).type;
            long[] row = OpenedModel.shape(node, 1);
            width = width(row);
            bytes = direct(ROWS * width * type.size);
            head = "{\"name\":\"" + node.getName() + "\",\"datatype\":\"" + (floats() ? "FP32" : "INT64")
                    + "\",\"shape\":" + Arrays.toString(row).replace(" ", "") + ",\"data\":[";
        }

        OnnxTensor tensor(int rows) throws OrtException {
            var part = bytes.duplicate().order(ByteOrder.nativeOrder()).limit(rows * width * type.size);
            return Lane.tensor(part, OpenedModel.shape(node, rows), type);
        }

        void append(int row, StringBuilder text) {
            text.append(head);
            for (int i = row * width; i < (row + 1) * width; i++) {
                text.append(i == row * width ? "" : ",");
                if (floats()) {
                    text.append(bytes.getFloat(i * Float.BYTES));
                } else {
                    text.append(bytes.getLong(i * Long.BYTES));
                }
            }
            text.append("]}");
        }

        private boolean floats() {
            return type == OnnxJavaType.FLOAT;
        }
    }
}
