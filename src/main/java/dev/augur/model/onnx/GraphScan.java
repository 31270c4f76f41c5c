package dev.augur.model.onnx;

import static dev.augur.model.onnx.ProtobufReader.DELIMITED;
import static dev.augur.model.onnx.ProtobufReader.VARINT;

import com.google.protobuf.ByteString;
import dev.augur.model.onnx.ProtobufReader.Stretch;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands where in a model file ({@code ModelProto} of the ONNX project's {@code onnx.proto}): read once from front
 * to back, with nothing large kept. Used on one thread.
 */
final class GraphScan {
    /** Initializers up to this length are looked at; longer ones are weights. */
    static final int SMALL_BYTES = 1 << 16;

    private static final int MODEL_IR_VERSION = (1 << 3) | VARINT;
    private static final int MODEL_GRAPH = (7 << 3) | DELIMITED;
    private static final int MODEL_OPSET = (8 << 3) | DELIMITED;
    private static final int GRAPH_NODE = (1 << 3) | DELIMITED;
    private static final int GRAPH_INITIALIZER = (5 << 3) | DELIMITED;
    private static final int GRAPH_INPUT = (11 << 3) | DELIMITED;
    private static final int GRAPH_OUTPUT = (12 << 3) | DELIMITED;
    private static final int VALUE_TYPE = 2;
    private static final int VALUE_NAME = (1 << 3) | DELIMITED;

    /** A small initializer: its value, and where its field stands, tag included. */
    record Constant(Tensor value, Stretch field) {}

    /** The graph of a model: its field, tag included, and the content of that field. */
    record Graph(Stretch field, Stretch content) {}

    private final ProtobufReader in;
    private final List<Graph> graphs = new ArrayList<>();
    private final Set<String> inputs = new LinkedHashSet<>();
    private final Map<String, Constant> constants = new LinkedHashMap<>();
    private final Map<String, Stretch> outputs = new LinkedHashMap<>();
    private final Map<String, String> foreignOutputs = new LinkedHashMap<>();
    private final List<ZipMap> zipMaps = new ArrayList<>();
    private long irVersion;
    private long opset;

    private GraphScan(ProtobufReader in) {
        this.in = in;
    }

    /**
     * Scans a file of less than 2 GiB.
     *
     * @throws IOException if it is no protobuf
     */
    static GraphScan of(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            var scan = new GraphScan(new ProtobufReader(stream));
            scan.in.fields(scan::model);
            return scan;
        }
    }

    long irVersion() {
        return irVersion;
    }

    /** The graphs; a model that is well made has one. */
    List<Graph> graphs() {
        return graphs;
    }

    /** Version of the operators of ONNX's own domain; 0 if the model uses none. */
    long opset() {
        return opset;
    }

    /** Where the fields of the graph's outputs stand, tags included, by name. */
    Map<String, Stretch> outputs() {
        return outputs;
    }

    /** The outputs of types that ONNX Runtime for Java does not know, by name, with what they are. */
    Map<String, String> foreignOutputs() {
        return foreignOutputs;
    }

    /** The nodes that make maps. */
    List<ZipMap> zipMaps() {
        return zipMaps;
    }

    /** Names of the graph's inputs. */
    Set<String> inputs() {
        return inputs;
    }

    /** Small initializers by name. */
    Map<String, Constant> constants() {
        return constants;
    }

    private boolean model(int tag, int start) throws IOException {
        switch (tag) {
            case MODEL_IR_VERSION -> irVersion = in.integer();
            case MODEL_OPSET -> readOpset();
            case MODEL_GRAPH -> {
                var content = in.message(this::graph);
                graphs.add(new Graph(new Stretch(start, in.position()), content));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean graph(int tag, int start) throws IOException {
        switch (tag) {
            case GRAPH_INITIALIZER -> constant(start);
            case GRAPH_INPUT -> inputs.add(name());
            case GRAPH_OUTPUT -> output(start);
            case GRAPH_NODE -> ZipMap.read(in, start).ifPresent(zipMaps::add);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The name of the input or output that the current field holds; a later field of the same number overrides. */
    private String name() throws IOException {
        var names = new ArrayList<String>();
        in.message((tag, start) -> {
            if (tag == VALUE_NAME) {
                names.add(in.text());
            }
            return tag == VALUE_NAME;
        });
        return names.isEmpty() ? "" : names.get(names.size() - 1);
    }

    private void output(int start) throws IOException {
        var fields = in.message(SMALL_BYTES);
        if (fields.isPresent()) {
            var name = fields.get().text(1);
            outputs.put(name, new Stretch(start, in.position()));
            for (ByteString type : fields.get().bytes(VALUE_TYPE)) {
                OnnxTypes.foreign(Fields.of(type.toByteArray())).ifPresent(what -> foreignOutputs.put(name, what));
            }
        }
    }

    private void readOpset() throws IOException {
        var fields = in.message(SMALL_BYTES);
        if (fields.isPresent() && List.of("", "ai.onnx").contains(fields.get().text(1))) {
            opset = fields.get().integer(2);
        }
    }

    private void constant(int start) throws IOException {
        var fields = in.message(SMALL_BYTES);
        if (fields.isPresent()) {
            var field = new Stretch(start, in.position());
            Initializer.read(fields.get()).ifPresent(value -> constants.put(value.name(), new Constant(value, field)));
        }
    }
}
