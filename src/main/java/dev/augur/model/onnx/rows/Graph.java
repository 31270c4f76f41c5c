package dev.augur.model.onnx.rows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model's graph as far as the proof looks at it. Thread-safe.
 *
 * @param initializers by name
 * @param opsets versions of the operators by domain; ONNX's own is {@code ""}
 * @param functions operators that the model itself defines, {@code <domain>:<name>}
 */
public record Graph(
        List<Node> nodes,
        Map<String, Constant> initializers,
        List<Port> inputs,
        List<Port> outputs,
        Map<String, Long> opsets,
        Set<String> functions) {
    public Graph {
        nodes = List.copyOf(nodes);
        initializers = Map.copyOf(initializers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        opsets = Map.copyOf(opsets);
        functions = Set.copyOf(functions);
    }

    /**
     * One step.
     *
     * @param inputs names; an empty one is left out
     * @param outputs names; an empty one is not wanted
     */
    public record Node(
            String operator,
            String domain,
            String name,
            List<String> inputs,
            List<String> outputs,
            Map<String, Attribute> attributes) {
        public Node {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            attributes = Map.copyOf(attributes);
        }

        boolean hasGraph() {
            return attributes.values().stream().anyMatch(Attribute::isGraph);
        }
    }

    /**
     * A setting of a node; what it is not is 0 or empty.
     *
     * @param items how many elements a list of any kind has
     * @param isGraph whether it is a graph, or several
     */
    public record Attribute(
            long integer, List<Long> integers, String text, int items, Optional<Constant> tensor, boolean isGraph) {
        public Attribute {
            integers = List.copyOf(integers);
        }
    }

    /**
     * A tensor of the file.
     *
     * @param numbers the elements, where they are few and whole numbers
     */
    public record Constant(List<Long> shape, Optional<List<Long>> numbers) {
        public Constant {
            shape = List.copyOf(shape);
            numbers = numbers.map(List::copyOf);
        }
    }

    /**
     * An input or output of the graph.
     *
     * @param shape none if it is not declared, or no tensor
     */
    public record Port(String name, Optional<List<Dimension>> shape) {
        public Port {
            shape = shape.map(List::copyOf);
        }
    }

    /**
     * A dimension as declared.
     *
     * @param length -1 for a free one
     * @param symbol what a free one is called; empty for nothing
     */
    public record Dimension(long length, String symbol) {}
}
