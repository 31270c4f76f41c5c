package dev.augur.model.onnx.rows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Operators that give a tensor another shape. Thread-safe. */
final class Reshaping {
    private static final int FIRST_OPSET_OF_REPEATED_TILES = 6;

    private Reshaping() {}

    static List<Value> transpose(Call call) {
        var x = call.shaped(0);
        int rank = call.shape(0).size();
        var order = call.list("perm").orElseGet(() -> IntStream.range(0, rank)
                .mapToObj(i -> (long) rank - 1 - i)
                .toList());
        if (order.size() != rank) {
            throw new Refused("orders " + order.size() + " axes of " + rank);
        }
        var shape = order.stream()
                .map(axis -> call.shape(0).get(Call.axis(axis, rank)))
                .toList();
        return List.of(Value.of(order.indexOf((long) x.axis()), shape));
    }

    /** To dimensions that are an input: 0 stands for that of the input, -1 for what is left. */
    static List<Value> reshape(Call call) {
        var x = call.anyInput(0);
        if (x.padded()) {
            call.input(0);
        }
        var target = call.elements(1, "dimensions");
        if (x.shape().isEmpty()) {
            return List.of(numbersOnly(target));
        }
        var shape = new ArrayList<@Nullable Size>();
        for (int i = 0; i < target.size(); i++) {
            boolean copied = target.get(i).is(0) && call.number("allowzero", 0) == 0;
            var size = copied ? dimension(x, i) : target.get(i);
            shape.add(size.is(-1) ? null : size);
        }
        return List.of(reshaped(call, x, shape));
    }

    private static Value numbersOnly(List<Size> target) {
        if (target.stream().anyMatch(Size::countsRows)) {
            throw new Refused("takes the number of rows for a tensor of unknown shape");
        }
        return Value.fixed();
    }

    private static Size dimension(Value x, int axis) {
        var shape = x.shape().orElseThrow();
        if (axis >= shape.size()) {
            throw new Refused("keeps axis " + axis + " of " + shape.size() + " dimensions");
        }
        return shape.get(axis);
    }

    /** To a matrix, whose columns are all axes from the given one on. */
    static List<Value> flatten(Call call) {
        var x = call.shaped(0);
        var shape = call.shape(0);
        long given = call.number("axis", 1);
        int axis = (int) (given < 0 ? given + shape.size() : given);
        if (axis < 0 || axis > shape.size()) {
            throw new Refused("has the axis " + given + " of " + shape.size() + " dimensions");
        }
        var rows = Size.product(shape.subList(0, axis));
        var columns = Size.product(shape.subList(axis, shape.size()));
        return List.of(reshaped(call, x, List.of(rows, columns)));
    }

    /** The rows stay where as many elements stand before them as did. */
    private static Value reshaped(Call call, Value x, List<@Nullable Size> target) {
        var shape = complete(call, x.shape().orElseThrow(), target);
        if (x.elements().isPresent() && shape.size() < 2) {
            return new Value(Value.NONE, Optional.of(shape), x.elements(), "");
        }
        if (!x.isFixed() && !x.carriesRows()) {
            throw new Refused("computes with the number of rows");
        }
        if (!x.carriesRows()) {
            if (shape.stream().anyMatch(Size::countsRows)) {
                throw new Refused("makes rows of a tensor that has none");
            }
            return Value.fixed(shape);
        }
        var before = Size.product(x.shape().orElseThrow().subList(0, x.axis())).times(x.before());
        return placed(shape, before).orElseThrow(() -> new Refused("joins rows with what is in them"));
    }

    /**
     * Rows before each of which so many places stand: along an axis of their own, or else folded into one with those
     * places.
     */
    private static Optional<Value> placed(List<Size> shape, Size before) {
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i).rows() == 1) {
                var folded = before.dividedBy(Size.product(shape.subList(0, i)));
                var rows = folded.flatMap(shape.get(i)::dividedBy);
                return rows.isPresent() ? Optional.of(Value.folded(i, shape, folded.get())) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static List<Size> complete(Call call, List<Size> from, List<@Nullable Size> target) {
        var known = Size.ONE;
        for (Size size : target) {
            known = size == null ? known : known.times(size);
        }
        var total = Size.product(from);
        var left = total.dividedBy(known);
        boolean rowsLeft = total.rows() != known.rows();
        var shape = new ArrayList<Size>();
        for (Size size : target) {
            if (size == null && left.isEmpty() && rowsLeft) {
                throw new Refused("may join rows with what is in them");
            }
            shape.add(size == null ? left.orElseGet(call::fresh) : size);
        }
        return List.copyOf(shape);
    }

    /** Without the given axes; which have one element would depend on the number of rows where none is given. */
    static List<Value> squeeze(Call call) {
        var x = call.input(0);
        var shape = x.shape().orElseThrow(() -> new Refused("meets a tensor of unknown shape"));
        var axes = call.axes(1, shape.size());
        if (axes.isEmpty() && x.carriesRows()) {
            throw new Refused("drops the rows' axis where there is one row");
        }
        var dropped = axes.orElseGet(() -> IntStream.range(0, shape.size())
                .filter(i -> shape.get(i).is(1))
                .boxed()
                .toList());
        if (dropped.contains(x.axis())) {
            throw new Refused("drops axis " + x.axis() + ", that of the rows");
        }
        var rest = IntStream.range(0, shape.size())
                .filter(i -> !dropped.contains(i))
                .mapToObj(shape::get)
                .toList();
        long before =
                dropped.stream().filter(axis -> axis < x.axis()).distinct().count();
        return List.of(x.moved(x.axis() - (int) before, rest));
    }

    static List<Value> unsqueeze(Call call) {
        var x = call.input(0);
        var shape = x.shape().orElseThrow(() -> new Refused("meets a tensor of unknown shape"));
        var given = call.numbers("axes", 1).orElse(List.of());
        int rank = shape.size() + given.size();
        var axes = given.stream().map(axis -> Call.axis(axis, rank)).toList();
        var rest = shape.iterator();
        var changed = new ArrayList<Size>();
        int moved = Value.NONE;
        for (int i = 0, old = 0; i < rank; i++) {
            if (axes.contains(i)) {
                changed.add(Size.ONE);
            } else {
                moved = old++ == x.axis() ? i : moved;
                changed.add(rest.next());
            }
        }
        return List.of(x.moved(moved, changed));
    }

    /** Repeats what has one element along an axis; repeated as often as there are rows it carries rows. */
    static List<Value> expand(Call call) {
        var target = call.elements(1, "dimensions");
        int axis = Value.NONE;
        for (int i = 0; i < target.size(); i++) {
            if (target.get(i).countsRows()) {
                if (axis != Value.NONE) {
                    throw new Refused("has rows along two axes");
                }
                axis = i;
            }
        }
        return List.of(Elementwise.broadcast(call, List.of(call.shaped(0), Value.of(axis, target))));
    }

    /** A tensor of one value in each place; along an axis as long as there are rows it carries rows. */
    static List<Value> filled(Call call) {
        var shape = call.elements(0, "dimensions");
        var counting = IntStream.range(0, shape.size())
                .filter(i -> shape.get(i).countsRows())
                .boxed()
                .toList();
        if (counting.size() > 1 || shape.stream().anyMatch(size -> size.rows() > 1)) {
            throw new Refused("has rows along two axes");
        }
        if (!counting.isEmpty()) {
            return List.of(Value.rows(counting.get(0), shape));
        }
        var number = call.attribute("value")
                .flatMap(Graph.Attribute::tensor)
                .map(Graph.Constant::numbers)
                .orElse(Optional.of(List.of(0L)));
        boolean few =
                shape.size() == 1 && shape.get(0).isNumber() && shape.get(0).factor() <= Constants.MOST_NUMBERS;
        if (few && number.isPresent() && number.get().size() == 1) {
            return List.of(Value.list(Collections.nCopies(
                    (int) shape.get(0).factor(), Size.of(number.get().get(0)))));
        }
        return List.of(Value.fixed(shape));
    }

    static List<Value> tile(Call call) {
        if (call.opset() < FIRST_OPSET_OF_REPEATED_TILES) {
            throw new Refused("is of operator set " + call.opset());
        }
        var x = call.shaped(0);
        var repeats = call.elements(1, "repetitions");
        if (repeats.size() != call.shape(0).size()) {
            throw new Refused(
                    "repeats " + repeats.size() + " axes of " + call.shape(0).size());
        }
        var shape = new ArrayList<Size>();
        int axis = x.axis();
        for (int i = 0; i < repeats.size(); i++) {
            boolean rows = repeats.get(i).countsRows();
            boolean once = repeats.get(i).rows() <= 1;
            boolean again = rows
                    && (axis != Value.NONE || !once || !call.shape(0).get(i).is(1));
            if (again || (i == axis && !repeats.get(i).is(1))) {
                throw new Refused("repeats rows");
            }
            axis = rows ? i : axis;
            shape.add(call.shape(0).get(i).times(repeats.get(i)));
        }
        return List.of(Value.of(axis, shape));
    }
}
