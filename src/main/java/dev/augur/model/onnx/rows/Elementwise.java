package dev.augur.model.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Operators that make each element of the elements at its place. Thread-safe. */
final class Elementwise {
    /** Element types of the ONNX project that hold whole numbers as they are: FLOAT, INT32, INT64, DOUBLE. */
    private static final Set<Long> NUMBERS = Set.of(1L, 6L, 7L, 11L);

    private Elementwise() {}

    /** Of one element of the first input; further inputs are settings. */
    static List<Value> one(Call call) {
        var x = call.tensor(0).withoutElements();
        call.fixedFrom(1);
        return List.of(x);
    }

    static List<Value> identity(Call call) {
        return List.of(call.input(0));
    }

    /**
     * Numbers are made of whole texts alone: rows that are filled up with empty ones fail, and then each is run alone.
     */
    static List<Value> cast(Call call) {
        var x = call.anyInput(0);
        if (x.padded() && NUMBERS.contains(call.number("to", 0))) {
            return List.of(Value.rows(x.axis(), x.shape().orElseThrow()));
        }
        return NUMBERS.contains(call.number("to", 0)) ? identity(call) : one(call);
    }

    /** The second input gives its type alone. */
    static List<Value> castLike(Call call) {
        call.input(1);
        return List.of(call.tensor(0).withoutElements());
    }

    /** As it is outside of training. */
    static List<Value> dropout(Call call) {
        if (call.has(2) && !call.elements(2, "its mode").equals(List.of(Size.of(0)))) {
            throw new Refused("is in training mode");
        }
        var x = call.tensor(0).withoutElements();
        call.fixedFrom(1);
        return List.of(x, x);
    }

    /** Of the elements at the same place of all inputs, as NumPy broadcasts them. */
    static List<Value> together(Call call) {
        if (call.attribute("broadcast").isPresent()) {
            throw new Refused("broadcasts as before operator set 7");
        }
        var inputs = IntStream.range(0, call.inputs()).mapToObj(call::input).toList();
        var folded = folded(call.node().operator(), inputs);
        if (folded.isPresent()) {
            return List.of(folded.get());
        }
        return List.of(broadcast(
                call, IntStream.range(0, call.inputs()).mapToObj(call::shaped).toList()));
    }

    /** Normalises the sum of its first two inputs, or more, along the last axis. */
    static List<Value> skipNormalization(Call call) {
        var sum = broadcast(call, List.of(call.shaped(0), call.shaped(1)));
        call.fixedFrom(2);
        if (sum.axis() == sum.shape().orElseThrow().size() - 1) {
            throw new Refused("normalises along axis " + sum.axis());
        }
        return List.of(sum);
    }

    /** The rows of all must lie along the same axis, counted from the last; what carries none has one element there. */
    static Value broadcast(Call call, List<Value> values) {
        int rank = values.stream().mapToInt(Elementwise::rank).max().orElse(0);
        int axis = Value.NONE;
        for (Value value : values) {
            if (value.carriesRows()) {
                int here = value.axis() + rank - rank(value);
                if (axis != Value.NONE && axis != here) {
                    throw new Refused("pairs the rows of one input with those of another");
                }
                axis = here;
            }
        }
        var shape = new ArrayList<Size>();
        for (int i = 0; i < rank; i++) {
            var sizes = new ArrayList<Size>();
            for (Value value : values) {
                int at = i - rank + rank(value);
                if (at >= 0) {
                    sizes.add(value.shape().orElseThrow().get(at));
                }
            }
            shape.add(i == axis ? rows(sizes, axis) : common(call, sizes));
        }
        return Value.of(axis, shape);
    }

    private static Size rows(List<Size> sizes, int axis) {
        var rows = sizes.stream().filter(Size::countsRows).distinct().toList();
        if (rows.size() != 1 || !sizes.stream().allMatch(size -> size.countsRows() || size.is(1))) {
            throw new Refused("has inputs of different lengths along axis " + axis + ", that of the rows");
        }
        if (rows.get(0).rows() != 1) {
            throw new Refused("has rows along two axes");
        }
        return rows.get(0);
    }

    private static Size common(Call call, List<Size> sizes) {
        var others = sizes.stream().filter(size -> !size.is(1)).distinct().toList();
        if (others.size() < 2) {
            return others.isEmpty() ? Size.ONE : others.get(0);
        }
        return others.stream().filter(Size::isNumber).findFirst().orElseGet(call::fresh);
    }

    private static int rank(Value value) {
        return value.shape().orElseThrow().size();
    }

    /** Computes with numbers and lengths; none if the result is not known. */
    private static Optional<Value> folded(String operator, List<Value> inputs) {
        if (!inputs.stream().allMatch(value -> value.elements().isPresent())) {
            return Optional.empty();
        }
        var lists = inputs.stream().map(value -> value.elements().orElseThrow()).toList();
        int length = lists.stream().mapToInt(List::size).max().orElse(0);
        if (!lists.stream().allMatch(list -> list.size() == length || list.size() == 1)) {
            return Optional.empty();
        }
        var results = new ArrayList<Size>();
        for (int i = 0; i < length; i++) {
            int at = i;
            var result = element(
                    operator,
                    lists.stream()
                            .map(list -> list.get(list.size() == 1 ? 0 : at))
                            .toList());
            if (result.isEmpty()) {
                return Optional.empty();
            }
            results.add(result.get());
        }
        boolean scalar = inputs.stream().allMatch(value -> rank(value) == 0);
        return Optional.of(scalar ? Value.scalar(results.get(0)) : Value.list(results));
    }

    private static Optional<Size> element(String operator, List<Size> of) {
        var first = of.get(0);
        var second = of.get(of.size() == 1 ? 0 : 1);
        return switch (operator) {
            case "Mul" -> Optional.of(first.times(second));
            case "Div" -> first.dividedBy(second);
            case "Add" -> first.plus(second);
            case "Sub" -> first.plus(second.times(Size.of(-1)));
            case "Equal" -> first.sameAs(second).map(same -> Size.of(same ? 1 : 0));
            case "Where" -> first.isNumber() ? Optional.of(first.is(0) ? of.get(2) : second) : Optional.empty();
            default -> Optional.empty();
        };
    }
}
