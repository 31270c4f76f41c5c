package dev.augur.model.onnx.rows;

import dev.augur.model.onnx.rows.Graph.Attribute;
import dev.augur.model.onnx.rows.Graph.Constant;
import dev.augur.model.onnx.rows.Graph.Dimension;
import dev.augur.model.onnx.rows.Graph.Node;
import dev.augur.model.onnx.rows.Graph.Port;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph written as a line: steps separated by {@code ;}, each {@code Operator input … -> output … attribute=value …},
 * an operator of another domain as {@code domain:Operator}. Inputs of the graph are {@code x(rows,4)}, constants
 * {@code #3}, {@code #[1,2]} and, without their numbers, {@code @4x3}; {@code _} is left out. The outputs of the last
 * step are those of the graph. Used on one thread.
 */
final class GraphText {
    private final Map<String, Constant> constants = new HashMap<>();
    private final Map<String, Port> inputs = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private GraphText() {}

    static Graph graph(String line, long opset) {
        var text = new GraphText();
        for (String step : line.split(";", -1)) {
            text.step(step.strip().split("\\s+", -1));
        }
        var last = text.nodes.get(text.nodes.size() - 1);
        var outputs = last.outputs().stream()
                .filter(name -> !name.isEmpty())
                .map(name -> new Port(name, Optional.empty()))
                .toList();
        return new Graph(
                text.nodes,
                text.constants,
                List.copyOf(text.inputs.values()),
                outputs,
                Map.of("", opset, "ai.onnx.ml", 3L, "com.microsoft", 1L),
                Set.of("local:Twice"));
    }

    private void step(String[] words) {
        int arrow = Arrays.asList(words).indexOf("->");
        var from = new ArrayList<String>();
        for (int i = 1; i < arrow; i++) {
            from.add(input(words[i]));
        }
        var to = new ArrayList<String>();
        var attributes = new HashMap<String, Attribute>();
        for (int i = arrow + 1; i < words.length; i++) {
            if (words[i].contains("=")) {
                attributes.put(words[i].split("=", 2)[0], attribute(words[i].split("=", 2)[1]));
            } else {
                to.add(words[i].replace("_", ""));
            }
        }
        int colon = words[0].indexOf(':');
        nodes.add(new Node(
                words[0].substring(colon + 1), words[0].substring(0, Math.max(0, colon)), "", from, to, attributes));
    }

    private String input(String word) {
        if (word.equals("_")) {
            return "";
        }
        if (word.startsWith("#")) {
            var numbers = numbers(word.substring(1));
            var shape = word.startsWith("#[") ? List.of((long) numbers.size()) : List.<Long>of();
            constants.put(word, new Constant(shape, Optional.of(numbers)));
        } else if (word.startsWith("@")) {
            constants.put(word, new Constant(numbers(word.substring(1).replace('x', ',')), Optional.empty()));
        } else if (word.contains("(")) {
            var name = word.substring(0, word.indexOf('('));
            var dimensions = Arrays.stream(word.substring(word.indexOf('(') + 1, word.length() - 1)
                            .split(",", -1))
                    .map(length -> length.matches("\\d+")
                            ? new Dimension(Long.parseLong(length), "")
                            : new Dimension(-1, length.replace("?", "")))
                    .toList();
            inputs.put(name, new Port(name, Optional.of(dimensions)));
            return name;
        }
        return word;
    }

    private static Attribute attribute(String value) {
        boolean list = value.startsWith("[");
        boolean number = value.matches("-?\\d+");
        var numbers = list ? numbers(value) : List.<Long>of();
        return new Attribute(
                number ? Long.parseLong(value) : 0,
                numbers,
                value,
                list ? numbers.size() : 0,
                Optional.empty(),
                value.equals("graph"));
    }

    private static List<Long> numbers(String text) {
        var plain = text.replace("[", "").replace("]", "");
        return plain.isEmpty()
                ? List.of()
                : Arrays.stream(plain.split(",", -1)).map(Long::valueOf).toList();
    }
}
