package dev.augur.model.onnx;

import static dev.augur.model.onnx.ProtobufReader.DELIMITED;

import com.google.protobuf.ByteString;
import dev.augur.model.onnx.ProtobufReader.Stretch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node of a graph that turns each row of numbers into a map from class to number, which ONNX Runtime for Java hands
 * over entry by entry. Its input is the same as a tensor. Used on one thread.
 */
final class ZipMap {
    private static final int INPUT = (1 << 3) | DELIMITED;
    private static final int OUTPUT = (2 << 3) | DELIMITED;
    private static final int OPERATOR = (4 << 3) | DELIMITED;
    private static final int ATTRIBUTE = (5 << 3) | DELIMITED;

    private static final int ATTRIBUTE_NAME = 1;
    private static final int ATTRIBUTE_INTS = 8;
    private static final int ATTRIBUTE_STRINGS = 9;

    private static final int TYPE_INT = 2;
    private static final int FLOAT = 1;
    private static final int FIRST_OPSET_WITH_NEGATIVE_AXES = 11;

    private final ProtobufReader in;
    private final List<Object> classes = new ArrayList<>();
    private String input = "";
    private String output = "";
    private boolean matches;
    private Stretch field = new Stretch(0, 0);

    private ZipMap(ProtobufReader in) {
        this.in = in;
    }

    /** Reads the node that the current field holds; none if it is another one, or its classes take more than 64 KiB. */
    static Optional<ZipMap> read(ProtobufReader in, int start) throws IOException {
        var node = new ZipMap(in);
        in.message(node::read);
        node.field = new Stretch(start, in.position());
        return node.matches && !node.classes.isEmpty() ? Optional.of(node) : Optional.empty();
    }

    /** Name of what it yields. */
    String output() {
        return output;
    }

    /** The classes, numbers or texts, in the order of the columns. */
    List<Object> classes() {
        return classes;
    }

    /** Where its field stands in the file, tag included. */
    Stretch field() {
        return field;
    }

    /**
     * A field of the graph that holds a node in its place: it yields the rows themselves. One row may come without its
     * dimension.
     */
    ByteString replacement(long opset) {
        var axis = new Message()
                .text(1, "axis")
                .number(3, opset >= FIRST_OPSET_WITH_NEGATIVE_AXES ? -1 : 1)
                .number(20, TYPE_INT);
        var node =
                new Message().text(1, input).text(2, output).text(4, "Flatten").message(5, axis);
        return ByteString.copyFrom(new Message().message(1, node).bytes());
    }

    /** A field of the graph that holds the output, a tensor now. */
    ByteString outputReplacement() {
        var shape = new Message().message(1, new Message()).message(1, new Message().number(1, classes.size()));
        var tensor = new Message().number(1, FLOAT).message(2, shape);
        var value = new Message().text(1, output).message(2, new Message().message(1, tensor));
        return ByteString.copyFrom(new Message().message(12, value).bytes());
    }

    /** Writers put the operator before the attributes, as the numbers of the fields are. */
    private boolean read(int tag, int start) throws IOException {
        switch (tag) {
            case INPUT -> input = in.text();
            case OUTPUT -> output = in.text();
            case OPERATOR -> matches = in.text().equals("ZipMap");
            case ATTRIBUTE -> {
                return matches && attribute();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean attribute() throws IOException {
        var attribute = in.message(GraphScan.SMALL_BYTES);
        if (attribute.isPresent()) {
            switch (attribute.get().text(ATTRIBUTE_NAME)) {
                case "classlabels_int64s" -> classes.addAll(attribute.get().integers(ATTRIBUTE_INTS));
                case "classlabels_strings" ->
                    attribute.get().bytes(ATTRIBUTE_STRINGS).forEach(text -> classes.add(text.toStringUtf8()));
                default -> {
                    // none that matters here
                }
            }
        }
        return true;
    }
}
