package dev.augur.model.onnx;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.protobuf.ByteString;
import java.util.List;

/**
 * A small model of our own under construction, in the fields of the ONNX project's {@code onnx.proto}. Used on one
 * thread.
 */
final class GraphBuilder {
    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int STRING = 8;
    static final int BOOL = 9;

    /** Operators of ONNX Runtime's own. */
    static final String MICROSOFT = "com.microsoft";

    private static final int IR_VERSION = 9;
    private static final int OPSET = 20;

    private static final int ATTRIBUTE_NUMBER = 2;
    private static final int ATTRIBUTE_TEXT = 3;

    private final Message graph = new Message().text(2, "augur");

    /** An attribute of a node that is a number. */
    static Message number(String name, long value) {
        return new Message().text(1, name).number(3, value).number(20, ATTRIBUTE_NUMBER);
    }

    /** An attribute of a node that is a text. */
    static Message text(String name, String value) {
        return new Message().text(1, name).text(4, value).number(20, ATTRIBUTE_TEXT);
    }

    /** A node with one output. */
    @CanIgnoreReturnValue
    GraphBuilder node(String operator, List<String> inputs, String output, Message... attributes) {
        var node = new Message();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(4, operator.substring(operator.indexOf(':') + 1));
        for (Message attribute : attributes) {
            node.message(5, attribute);
        }
        if (operator.indexOf(':') > 0) {
            node.text(7, operator.substring(0, operator.indexOf(':')));
        }
        graph.message(1, node);
        return this;
    }

    /** A constant of 64-bit integers. */
    @CanIgnoreReturnValue
    GraphBuilder integers(String name, long... elements) {
        var tensor = new Message().number(1, elements.length).number(2, INT64);
        for (long element : elements) {
            tensor.number(7, element);
        }
        graph.message(5, tensor.text(8, name));
        return this;
    }

    /** A constant of strings, whose bytes are taken as they are. */
    @CanIgnoreReturnValue
    GraphBuilder strings(String name, long[] shape, List<byte[]> elements) {
        var tensor = new Message();
        for (long dimension : shape) {
            tensor.number(1, dimension);
        }
        tensor.number(2, STRING);
        elements.forEach(element -> tensor.bytes(6, ByteString.copyFrom(element)));
        graph.message(5, tensor.text(8, name));
        return this;
    }

    @CanIgnoreReturnValue
    GraphBuilder input(String name, int elementType) {
        graph.message(11, value(name, elementType));
        return this;
    }

    @CanIgnoreReturnValue
    GraphBuilder output(String name, int elementType) {
        graph.message(12, value(name, elementType));
        return this;
    }

    /** The model. */
    byte[] bytes() {
        return new Message()
                .number(1, IR_VERSION)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, OPSET))
                .message(8, new Message().text(1, MICROSOFT).number(2, 1))
                .bytes();
    }

    private static Message value(String name, int elementType) {
        return new Message().text(1, name).message(2, new Message().message(1, new Message().number(1, elementType)));
    }
}
