package dev.augur.model.onnx.rows;

import dev.augur.model.onnx.rows.Graph.Dimension;
import dev.augur.model.onnx.rows.Graph.Node;
import dev.augur.model.onnx.rows.Graph.Port;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows a graph from its inputs, whose rows lie along the first axis, to its outputs: whether those of joined
 * requests are the rows of each request, one behind the other. Used on one thread.
 */
public final class RowProof {
    private static final int OLDEST_OPSET = 7;
    private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");
    private static final Set<String> RANDOM = Set.of(
            "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike");

    /** Names that exporters make up, another one for each input. */
    private static final Pattern MADE_UP = Pattern.compile("|unk__\\d+|.+_dynamic_axes_\\d+|.+_dim_\\d+|None|\\?");

    private final Graph graph;
    private final Operators operators = new Operators();
    private final AtomicInteger symbols = new AtomicInteger();
    private final Map<String, Value> values = new HashMap<>();

    private RowProof(Graph graph) {
        this.graph = graph;
    }

    /** Why rows are not proved to be independent in these outputs of a graph; none if they are. */
    public static Optional<String> fault(Graph graph, Collection<String> outputs) {
        return new RowProof(graph).fault(outputs);
    }

    private Optional<String> fault(Collection<String> outputs) {
        var inputs = graph.inputs().stream()
                .filter(input -> !graph.initializers().containsKey(input.name()))
                .toList();
        graph.initializers().forEach((name, constant) -> values.put(name, Constants.of(constant)));
        long opset = graph.opsets().getOrDefault("", (long) OLDEST_OPSET);
        if (opset < OLDEST_OPSET) {
            return Optional.of("operator set " + opset + " is older than " + OLDEST_OPSET);
        }
        return inputFault(inputs).or(() -> {
            inputs.forEach(input -> values.put(input.name(), rows(input)));
            graph.nodes().forEach(this::follow);
            return outputs.stream()
                    .flatMap(output -> outputFault(output).stream())
                    .findFirst();
        });
    }

    private static Optional<String> inputFault(List<Port> inputs) {
        var names = new TreeSet<String>();
        for (Port input : inputs) {
            var shape = input.shape().orElse(List.of());
            if (shape.isEmpty() || shape.get(0).length() >= 0) {
                return Optional.of("the first dimension of input \"" + input.name() + "\" is not free");
            }
            var rows = shape.get(0).symbol();
            if (!MADE_UP.matcher(rows).matches()) {
                names.add(rows);
            }
        }
        if (names.size() > 1) {
            return Optional.of(
                    "the first dimensions of the inputs are called differently: " + String.join(", ", names));
        }
        for (Port input : inputs) {
            var inRows = input.shape().orElseThrow().stream().skip(1).map(Dimension::symbol);
            if (inRows.anyMatch(names::contains)) {
                return Optional.of("input \"" + input.name() + "\" has a further dimension " + names);
            }
        }
        return inputs.isEmpty() ? Optional.of("there is no input") : Optional.empty();
    }

    private Value rows(Port input) {
        var shape = new ArrayList<Size>();
        for (Dimension dimension : input.shape().orElseThrow()) {
            boolean named = !MADE_UP.matcher(dimension.symbol()).matches();
            shape.add(
                    dimension.length() >= 0
                            ? Size.of(dimension.length())
                            : Size.symbol(named ? "=" + dimension.symbol() : "s" + symbols.incrementAndGet()));
        }
        shape.set(0, Size.ROWS);
        return Value.rows(0, shape);
    }

    private void follow(Node node) {
        var inputs = node.inputs().stream()
                .map(name -> name.isEmpty() ? null : value(name))
                .toList();
        var outputs = outputs(node, new ArrayList<>(inputs));
        for (int i = 0; i < node.outputs().size(); i++) {
            var further = Value.unknown(title(node) + " has an output " + i + " that is not followed");
            values.put(node.outputs().get(i), i < outputs.size() ? outputs.get(i) : further);
        }
    }

    private Value value(String name) {
        return values.getOrDefault(name, Value.unknown("nothing is known of \"" + name + "\""));
    }

    private List<Value> outputs(Node node, List<@Nullable Value> inputs) {
        var unknown = inputs.stream()
                .filter(value -> value != null && !value.isKnown())
                .findFirst();
        if (unknown.isPresent()) {
            return all(node, unknown.get());
        }
        long opset = graph.opsets().getOrDefault(node.domain().equals("ai.onnx") ? "" : node.domain(), 0L);
        var call = new Call(node, opset, inputs, symbols);
        try {
            var outputs = rule(node).apply(call);
            call.refuseOthers();
            return outputs;
        } catch (Refused refused) {
            return all(
                    node, isSameForAll(node, call) ? Value.fixed() : Value.unknown(title(node) + " " + refused.why()));
        } catch (ArithmeticException | IndexOutOfBoundsException e) {
            return all(node, Value.unknown(title(node) + " has inputs that do not fit"));
        }
    }

    private Rule rule(Node node) {
        var key = node.domain() + ":" + node.operator();
        if (graph.functions().contains(key)) {
            throw new Refused("is defined by the model itself");
        }
        if (node.hasGraph()) {
            throw new Refused("runs a graph of its own");
        }
        return operators
                .rule(node.domain(), node.operator())
                .orElseThrow(() -> new Refused("is not known to keep rows apart"));
    }

    /** What is computed without rows and without chance is the same for all. */
    private boolean isSameForAll(Node node, Call call) {
        return call.allFixed()
                && DOMAINS.contains(node.domain())
                && !RANDOM.contains(node.operator())
                && !node.hasGraph()
                && !graph.functions().contains(node.domain() + ":" + node.operator());
    }

    private static List<Value> all(Node node, Value value) {
        return Stream.generate(() -> value).limit(node.outputs().size()).toList();
    }

    /** As in messages: {@code LSTM "encoder"}. */
    private static String title(Node node) {
        var operator = node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator();
        var named = node.name().isEmpty() && !node.outputs().isEmpty()
                ? node.outputs().get(0)
                : node.name();
        return operator + " \"" + named + "\"";
    }

    private Optional<String> outputFault(String output) {
        var value = value(output);
        if (!value.isKnown()) {
            return Optional.of(value.fault());
        }
        if (!value.carriesRows()) {
            return Optional.of("output \"" + output + "\" has no rows");
        }
        var shape = value.shape().orElseThrow();
        if (value.axis() != 0 || !shape.get(0).equals(Size.ROWS) || !value.isPlain()) {
            return Optional.of("output \"" + output + "\" does not have its rows along axis 0");
        }
        return Optional.empty();
    }
}
