package dev.augur.model.onnx;

import static dev.augur.model.onnx.ProtobufReader.DELIMITED;
import static dev.augur.model.onnx.ProtobufReader.VARINT;

import com.google.protobuf.ByteString;
import dev.augur.model.onnx.rows.Graph;
import dev.augur.model.onnx.rows.Graph.Attribute;
import dev.augur.model.onnx.rows.Graph.Constant;
import dev.augur.model.onnx.rows.Graph.Dimension;
import dev.augur.model.onnx.rows.Graph.Node;
import dev.augur.model.onnx.rows.Graph.Port;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the graph of a model file ({@code ModelProto} of the ONNX project's {@code onnx.proto}) without its weights.
 * Used on one thread.
 */
final class GraphReader {
    private static final int SMALL_BYTES = 1 << 12;
    private static final int MOST_INTEGERS = 1 << 12;

    private static final int MODEL_GRAPH = (7 << 3) | DELIMITED;
    private static final int MODEL_OPSET = (8 << 3) | DELIMITED;
    private static final int MODEL_FUNCTION = (25 << 3) | DELIMITED;
    private static final int GRAPH_NODE = (1 << 3) | DELIMITED;
    private static final int GRAPH_INITIALIZER = (5 << 3) | DELIMITED;
    private static final int GRAPH_INPUT = (11 << 3) | DELIMITED;
    private static final int GRAPH_OUTPUT = (12 << 3) | DELIMITED;
    private static final List<Integer> PATH_TO_SHAPE = List.of(2, 1, 2); // type, tensor_type, shape
    private static final int FUNCTION_NAME = (1 << 3) | DELIMITED;
    private static final int FUNCTION_DOMAIN = (10 << 3) | DELIMITED;
    private static final int NODE_INPUT = (1 << 3) | DELIMITED;
    private static final int NODE_OUTPUT = (2 << 3) | DELIMITED;
    private static final int NODE_NAME = (3 << 3) | DELIMITED;
    private static final int NODE_OPERATOR = (4 << 3) | DELIMITED;
    private static final int NODE_ATTRIBUTE = (5 << 3) | DELIMITED;
    private static final int NODE_DOMAIN = (7 << 3) | DELIMITED;

    private final ProtobufReader in;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Constant> initializers = new HashMap<>();
    private final List<Port> inputs = new ArrayList<>();
    private final List<Port> outputs = new ArrayList<>();
    private final Map<String, Long> opsets = new HashMap<>();
    private final Set<String> functions = new HashSet<>();

    private GraphReader(ProtobufReader in) {
        this.in = in;
    }

    /**
     * Reads a file of less than 2 GiB.
     *
     * @throws IOException if it is no protobuf
     */
    static Graph read(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            var reader = new GraphReader(new ProtobufReader(stream));
            reader.in.fields(reader::model);
            return new Graph(
                    reader.nodes, reader.initializers, reader.inputs, reader.outputs, reader.opsets, reader.functions);
        }
    }

    private boolean model(int tag, int start) throws IOException {
        switch (tag) {
            case MODEL_GRAPH -> in.message(this::graph);
            case MODEL_OPSET -> {
                var fields = in.message(SMALL_BYTES);
                if (fields.isPresent()) {
                    var domain = fields.get().text(1);
                    opsets.put(
                            domain.equals("ai.onnx") ? "" : domain, fields.get().integer(2));
                }
            }
            case MODEL_FUNCTION -> functions.add(function());
            default -> {
                return false;
            }
        }
        return true;
    }

    private String function() throws IOException {
        var names = new HashMap<Integer, String>();
        in.message((tag, start) -> {
            boolean named = tag == FUNCTION_NAME || tag == FUNCTION_DOMAIN;
            if (named) {
                names.put(tag, in.text());
            }
            return named;
        });
        return names.getOrDefault(FUNCTION_DOMAIN, "") + ":" + names.getOrDefault(FUNCTION_NAME, "");
    }

    private boolean graph(int tag, int start) throws IOException {
        switch (tag) {
            case GRAPH_NODE -> node();
            case GRAPH_INITIALIZER -> {
                var tensor = new ConstantReader(in);
                initializers.put(tensor.read().name(), tensor.constant());
            }
            case GRAPH_INPUT -> inputs.add(port());
            case GRAPH_OUTPUT -> outputs.add(port());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void node() throws IOException {
        var from = new ArrayList<String>();
        var to = new ArrayList<String>();
        var texts = new HashMap<Integer, String>();
        var attributes = new HashMap<String, Attribute>();
        in.message((tag, start) -> {
            switch (tag) {
                case NODE_INPUT -> from.add(in.text());
                case NODE_OUTPUT -> to.add(in.text());
                case NODE_NAME, NODE_OPERATOR, NODE_DOMAIN -> texts.put(tag, in.text());
                case NODE_ATTRIBUTE -> new AttributeReader(in).read(attributes);
                default -> {
                    return false;
                }
            }
            return true;
        });
        nodes.add(new Node(
                texts.getOrDefault(NODE_OPERATOR, ""),
                texts.getOrDefault(NODE_DOMAIN, ""),
                texts.getOrDefault(NODE_NAME, ""),
                from,
                to,
                attributes));
    }

    private Port port() throws IOException {
        var value = in.message(GraphScan.SMALL_BYTES);
        if (value.isEmpty()) {
            return new Port("", Optional.empty());
        }
        var shape = value;
        for (int field : PATH_TO_SHAPE) {
            shape = shape.isPresent() ? shape.get().message(field) : shape;
        }
        if (shape.isEmpty()) {
            return new Port(value.get().text(1), Optional.empty());
        }
        var dimensions = new ArrayList<Dimension>();
        for (ByteString bytes : shape.get().bytes(1)) {
            var dimension = Fields.of(bytes.toByteArray());
            dimensions.add(new Dimension(dimension.has(1) ? dimension.integer(1) : -1, dimension.text(2)));
        }
        return new Port(value.get().text(1), Optional.of(dimensions));
    }

    /** An attribute of a node, field by field, since its tensor or list may be the weights. */
    private static final class AttributeReader {
        private static final int NAME = (1 << 3) | DELIMITED;
        private static final int INTEGER = (3 << 3) | VARINT;
        private static final int TEXT = (4 << 3) | DELIMITED;
        private static final int TENSOR = (5 << 3) | DELIMITED;
        private static final int GRAPH = (6 << 3) | DELIMITED;
        private static final int INTEGERS = (8 << 3) | VARINT;
        private static final int PACKED_INTEGERS = (8 << 3) | DELIMITED;
        private static final int TEXTS = (9 << 3) | DELIMITED;
        private static final int GRAPHS = (11 << 3) | DELIMITED;

        private final ProtobufReader in;
        private final List<Long> integers = new ArrayList<>();
        private String name = "";
        private String text = "";
        private long integer;
        private int texts;
        private boolean isGraph;
        private @Nullable Constant tensor;

        AttributeReader(ProtobufReader in) {
            this.in = in;
        }

        void read(Map<String, Attribute> attributes) throws IOException {
            in.message(this::field);
            attributes.put(
                    name,
                    new Attribute(
                            integer,
                            integers,
                            text,
                            Math.max(texts, integers.size()),
                            Optional.ofNullable(tensor),
                            isGraph));
        }

        /** Trees have millions of them, which no rule asks for. */
        private void add(long next) {
            if (integers.size() < MOST_INTEGERS) {
                integers.add(next);
            }
        }

        private boolean field(int tag, int start) throws IOException {
            switch (tag) {
                case NAME -> name = in.text();
                case INTEGER -> integer = in.integer();
                case TEXT -> text = in.text();
                case TENSOR -> tensor = new ConstantReader(in).read().constant();
                case INTEGERS -> add(in.integer());
                case PACKED_INTEGERS -> in.packed(integers, MOST_INTEGERS);
                case GRAPH, GRAPHS -> {
                    isGraph = true;
                    return false;
                }
                case TEXTS -> {
                    texts++;
                    return false;
                }
                default -> {
                    return false;
                }
            }
            return true;
        }
    }
}
