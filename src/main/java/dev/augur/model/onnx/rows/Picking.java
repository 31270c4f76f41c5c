package dev.augur.model.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Operators that take tensors apart and put them together. Thread-safe. */
final class Picking {
    private static final long REST = Integer.MAX_VALUE;
    private static final int MOST_ELEMENTS = 1_000;

    private Picking() {}

    /** One behind the other along an axis. */
    static List<Value> concat(Call call) {
        var inputs = IntStream.range(0, call.inputs()).mapToObj(call::input).toList();
        var listed = listed(call, inputs);
        if (listed.isPresent()) {
            return List.of(listed.get());
        }
        IntStream.range(0, call.inputs()).forEach(call::shaped);
        int rank = call.shape(0).size();
        int axis = call.axis("axis", 1, rank);
        int rows = inputs.stream().mapToInt(Value::axis).max().orElse(Value.NONE);
        if (rows == axis) {
            throw new Refused("puts rows behind each other");
        }
        for (Value value : inputs) {
            if (rank(value) != rank || (rows != Value.NONE && value.axis() != rows)) {
                throw new Refused("puts rows beside what has none");
            }
        }
        return List.of(Value.of(rows, concatenated(call, inputs, new int[] {axis, rows})));
    }

    /** Lists of numbers and lengths as one, where some are known. */
    private static Optional<Value> listed(Call call, List<Value> inputs) {
        var elements = new ArrayList<Size>();
        for (Value value : inputs) {
            boolean few = rank(value) == 1 && value.shape().orElseThrow().get(0).isNumber();
            if (value.elements().isPresent() && few) {
                elements.addAll(value.elements().get());
            } else if (few && value.isFixed() && inputs.stream().anyMatch(Value::countsRows)) {
                long length = Math.min(
                        Constants.MOST_NUMBERS,
                        value.shape().orElseThrow().get(0).factor());
                LongStream.range(0, length).forEach(i -> elements.add(call.unknownNumber()));
            } else {
                return Optional.empty();
            }
            if (elements.size() > MOST_ELEMENTS) {
                throw new Refused("makes a list of too many lengths");
            }
        }
        return Optional.of(Value.list(elements));
    }

    private static List<Size> concatenated(Call call, List<Value> inputs, int[] axisAndRows) {
        var shape = new ArrayList<>(call.shape(0));
        var total = Optional.of(Size.of(0));
        for (Value value : inputs) {
            var dimensions = value.shape().orElseThrow();
            total = total.flatMap(sum -> sum.plus(dimensions.get(axisAndRows[0])));
            int rows = axisAndRows[1];
            if (rows != Value.NONE && !dimensions.get(rows).equals(shape.get(rows))) {
                throw new Refused("puts rows beside others");
            }
        }
        shape.set(axisAndRows[0], total.orElseGet(call::fresh));
        return shape;
    }

    static List<Value> split(Call call) {
        var x = call.shaped(0);
        int axis = call.axis("axis", 0, call.shape(0).size());
        if (axis == x.axis()) {
            throw new Refused("splits axis " + axis + ", that of the rows");
        }
        int parts = call.node().outputs().size();
        var sizes = call.numbers("split", 1);
        var equal = call.shape(0).get(axis).dividedBy(Size.of(Math.max(1, parts)));
        var outputs = new ArrayList<Value>();
        for (int i = 0; i < parts; i++) {
            var shape = new ArrayList<>(call.shape(0));
            int part = i;
            shape.set(
                    axis,
                    sizes.filter(given -> part < given.size())
                            .map(given -> Size.of(given.get(part)))
                            .or(() -> equal)
                            .orElseGet(call::fresh));
            outputs.add(Value.of(x.axis(), shape));
        }
        return outputs;
    }

    static List<Value> slice(Call call) {
        var x = call.input(0);
        var shape = new ArrayList<>(x.shape().orElseThrow(() -> new Refused("meets a tensor of unknown shape")));
        int count = call.list("starts").map(List::size).orElseGet(() -> rowsOf(call.shape(1)));
        var axes = call.numbers("axes", 3)
                .orElseGet(() -> LongStream.range(0, count).boxed().toList());
        for (int i = 0; i < count; i++) {
            var part = new Part(bound(call, "starts", 1, i), bound(call, "ends", 2, i), bound(call, "steps", 4, i));
            int axis = Call.axis(axes.get(i), shape.size());
            if (x.elements().isPresent() && shape.size() == 1 && count == 1 && part.isKnown()) {
                return List.of(sliced(x.elements().get(), part));
            }
            boolean whole = part.isWhole(shape.get(axis));
            if (!whole && (axis == x.axis() || part.countsRows())) {
                throw new Refused("cuts axis " + axis + (axis == x.axis() ? ", that of the rows" : " by their number"));
            }
            shape.set(
                    axis, whole ? shape.get(axis) : part.length(shape.get(axis)).orElseGet(call::fresh));
        }
        return List.of(call.tensor(0).moved(x.axis(), shape).withoutElements());
    }

    private static int rowsOf(List<Size> shape) {
        if (shape.size() != 1 || !shape.get(0).isNumber()) {
            throw new Refused("cuts axes that are not known before it runs");
        }
        return (int) shape.get(0).factor();
    }

    /** A bound of one axis; none if it is not known. Steps are 1 where there are none. */
    private static Optional<Size> bound(Call call, String attribute, int input, int axis) {
        var listed = call.list(attribute);
        if (listed.isPresent()) {
            return Optional.of(Size.of(listed.get().get(axis)));
        }
        if (!call.has(input)) {
            return Optional.of(Size.ONE);
        }
        var given = call.input(input);
        if (given.elements().isEmpty()) {
            call.fixed(input);
        }
        return given.elements().map(elements -> elements.get(axis));
    }

    /** A part of an axis, from the start up to the end. */
    private record Part(Optional<Size> start, Optional<Size> end, Optional<Size> step) {
        boolean isKnown() {
            return Stream.of(start, end, step)
                    .allMatch(bound -> bound.isPresent() && bound.get().isNumber());
        }

        boolean countsRows() {
            return Stream.of(start, end, step).flatMap(Optional::stream).anyMatch(Size::countsRows);
        }

        boolean isWhole(Size of) {
            boolean toEnd = end.isPresent()
                    && (end.get().equals(of)
                            || (end.get().isNumber() && end.get().factor() >= REST));
            return toEnd && start.equals(Optional.of(Size.of(0))) && step.equals(Optional.of(Size.ONE));
        }

        Optional<Size> length(Size of) {
            return of.isNumber() && isKnown()
                    ? Optional.of(Size.of(places(of.factor()).count()))
                    : Optional.empty();
        }

        /** The places of an axis of that length; bounds below 0 count from its end. */
        Places places(long length) {
            long by = step.orElseThrow().factor();
            long from = start.orElseThrow().factor();
            long to = end.orElseThrow().factor();
            if (by == 0) {
                throw new Refused("cuts in steps of 0");
            }
            long first = from < 0 ? from + length : from;
            long last = to < -length ? -1 : to < 0 ? to + length : to;
            return by < 0
                    ? new Places(Math.min(first, length - 1), last, by)
                    : new Places(Math.max(0, first), Math.min(last, length), by);
        }
    }

    /** Every {@code by}th place from the first up to the last, which is not among them. */
    private record Places(long first, long last, long by) {
        long count() {
            long way = by < 0 ? first - last : last - first;
            return way <= 0 ? 0 : (way - 1) / Math.abs(by) + 1;
        }

        LongStream stream() {
            return LongStream.range(0, count()).map(i -> first + i * by);
        }
    }

    private static Value sliced(List<Size> elements, Part part) {
        return Value.list(part.places(elements.size()).stream()
                .mapToObj(at -> elements.get((int) at))
                .toList());
    }

    /** Rows of a table: the same for all rows of the indices, or the same of each row. */
    static List<Value> gather(Call call) {
        var table = call.input(0);
        var indices = call.shaped(1);
        var picked = picked(table, indices, call.number("axis", 0));
        if (picked.isPresent()) {
            return List.of(picked.get());
        }
        var from = call.shape(0);
        int axis = call.axis("axis", 0, from.size());
        if (table.axis() == axis && table.carriesRows()) {
            throw new Refused("picks among the rows");
        }
        if (table.carriesRows() && indices.carriesRows()) {
            throw new Refused("pairs the rows of one input with those of the other");
        }
        var shape = new ArrayList<>(from.subList(0, axis));
        shape.addAll(call.shape(1));
        shape.addAll(from.subList(axis + 1, from.size()));
        if (indices.carriesRows()) {
            return List.of(Value.rows(axis + indices.axis(), shape));
        }
        int moved = table.axis() > axis ? table.axis() + rank(indices) - 1 : table.axis();
        return List.of(Value.of(moved, shape));
    }

    private static Optional<Value> picked(Value list, Value indices, long axis) {
        if (list.elements().isEmpty() || indices.elements().isEmpty() || rank(list) != 1 || axis > 0) {
            return Optional.empty();
        }
        var elements = list.elements().get();
        var picked = new ArrayList<Size>();
        for (Size index : indices.elements().get()) {
            if (!index.isNumber()) {
                return Optional.empty();
            }
            picked.add(elements.get(Call.axis(index.factor(), elements.size())));
        }
        return Optional.of(rank(indices) == 0 ? Value.scalar(picked.get(0)) : Value.list(picked));
    }

    /** All inputs are as long as the first along the rows, and each index counts within its own row. */
    static List<Value> alongAxis(Call call) {
        int rank = call.shape(0).size();
        int axis = call.axis("axis", 0, rank);
        int rows = call.shaped(0).axis();
        if (rows == axis) {
            throw new Refused("picks among the rows");
        }
        for (int i = 0; i < call.inputs(); i++) {
            boolean same = call.shaped(i).axis() == rows && call.shape(i).size() == rank;
            if (!same
                    || (rows != Value.NONE
                            && !call.shape(i).get(rows).equals(call.shape(0).get(rows)))) {
                throw new Refused("pairs rows with what has none");
            }
        }
        var last = call.shaped(call.node().operator().startsWith("Gather") ? 1 : 0);
        return List.of(last.withoutElements());
    }

    /** More before and behind; not along the rows. */
    static List<Value> pad(Call call) {
        var x = call.shaped(0);
        int rank = call.shape(0).size();
        var pads = call.numbers("pads", 1).orElse(List.of());
        var axes = call.numbers("axes", 3)
                .orElseGet(() -> LongStream.range(0, rank).boxed().toList());
        if (pads.size() != 2 * axes.size()) {
            throw new Refused("takes " + pads.size() + " paddings of " + axes.size() + " axes");
        }
        var shape = new ArrayList<>(call.shape(0));
        for (int i = 0; i < axes.size(); i++) {
            int axis = Call.axis(axes.get(i), rank);
            long before = pads.get(i);
            long behind = pads.get(i + axes.size());
            if (axis == x.axis() && (before != 0 || behind != 0)) {
                throw new Refused("pads axis " + axis + ", that of the rows");
            }
            shape.set(axis, shape.get(axis).plus(Size.of(before + behind)).orElseGet(call::fresh));
        }
        return List.of(Value.of(x.axis(), shape));
    }

    /** Another scale along some axes; not along the rows. */
    static List<Value> resize(Call call) {
        var x = call.shaped(0);
        boolean picture = call.text("coordinate_transformation_mode", "").equals("tf_crop_and_resize");
        boolean stretched = call.text("keep_aspect_ratio_policy", "stretch").equals("stretch");
        if (!x.carriesRows() || picture || !stretched || call.attribute("axes").isPresent()) {
            throw new Refused("is not followed with these attributes");
        }
        boolean sized = call.has(3);
        var along = call.elements(sized ? 3 : call.opset() < 11 ? 1 : 2, sized ? "sizes" : "scales");
        var rows = call.shape(0).get(x.axis());
        if (along.size() != call.shape(0).size() || !along.get(x.axis()).equals(sized ? rows : Size.ONE)) {
            throw new Refused("scales axis " + x.axis() + ", that of the rows");
        }
        var shape = new ArrayList<>(call.shape(0));
        for (int i = 0; i < shape.size(); i++) {
            if (i != x.axis() && along.get(i).countsRows()) {
                throw new Refused("scales axis " + i + " by the number of rows");
            }
            shape.set(
                    i,
                    i == x.axis() ? rows : sized ? along.get(i) : shape.get(i).times(along.get(i)));
        }
        return List.of(Value.rows(x.axis(), shape));
    }

    private static int rank(Value value) {
        return value.shape().map(List::size).orElse(-1);
    }
}
