package dev.augur.model.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that compute along some axes, which must not be that of the rows. Thread-safe. */
final class Axes {
    private static final int FIRST_OPSET_OF_SOFTMAX_ALONG_ONE_AXIS = 13;

    private Axes() {}

    /** Before operator set 13 it takes all axes from the given one on. */
    static List<Value> softmax(Call call) {
        return call.opset() < FIRST_OPSET_OF_SOFTMAX_ALONG_ONE_AXIS ? from(call, 1) : along(call, -1);
    }

    /** Along the last axis unless told. */
    static List<Value> last(Call call) {
        return along(call, -1);
    }

    /** Over all axes from the given one on, the last unless told; scale and bias are settings. */
    static List<Value> normalization(Call call) {
        return from(call, -1);
    }

    private static List<Value> from(Call call, long otherwise) {
        var x = call.shaped(0);
        int rank = call.shape(0).size();
        call.fixedFrom(1);
        int axis = call.axis("axis", otherwise, rank);
        if (x.axis() >= axis) {
            throw new Refused("runs along axis " + x.axis());
        }
        return List.of(x.withoutElements());
    }

    private static List<Value> along(Call call, long otherwise) {
        var x = call.shaped(0);
        call.fixedFrom(1);
        apart(x, call.axis("axis", otherwise, call.shape(0).size()));
        return List.of(x.withoutElements());
    }

    /** The axis is an input. */
    static List<Value> cumulative(Call call) {
        var x = call.shaped(0);
        var axis = call.elements(1, "its axis").get(0);
        if (!axis.isNumber()) {
            throw new Refused("runs along an axis that is not known");
        }
        apart(x, Call.axis(axis.factor(), call.shape(0).size()));
        return List.of(x.withoutElements());
    }

    /** Mean and variance over the batch unless told otherwise. */
    static List<Value> meanVariance(Call call) {
        var x = call.shaped(0);
        var axes = call.list("axes").orElse(List.of(0L, 2L, 3L));
        axes.forEach(axis -> apart(x, Call.axis(axis, call.shape(0).size())));
        return List.of(x.withoutElements());
    }

    /** Over the given axes, over all of them where none is given. */
    static List<Value> reduce(Call call) {
        var x = call.input(0);
        if (x.elements().isPresent() && call.node().operator().equals("ReduceProd")) {
            var product = Size.product(x.elements().get());
            return List.of(call.number("keepdims", 1) == 0 ? Value.scalar(product) : Value.list(List.of(product)));
        }
        int rank = call.shape(0).size();
        var axes = call.axes(1, rank).orElse(List.of());
        if (axes.isEmpty() && call.number("noop_with_empty_axes", 0) == 1) {
            return List.of(x.withoutElements());
        }
        return List.of(reduced(
                call, x, axes.isEmpty() ? IntStream.range(0, rank).boxed().toList() : axes));
    }

    /** Along one axis, the first unless told. */
    static List<Value> extreme(Call call) {
        return List.of(reduced(
                call, call.shaped(0), List.of(call.axis("axis", 0, call.shape(0).size()))));
    }

    private static Value reduced(Call call, Value x, List<Integer> axes) {
        if (axes.contains(x.axis())) {
            throw new Refused("reduces axis " + x.axis() + ", that of the rows");
        }
        boolean keep = call.number("keepdims", 1) != 0;
        var shape = new ArrayList<Size>();
        for (int i = 0; i < call.shape(0).size(); i++) {
            if (!axes.contains(i)) {
                shape.add(call.shape(0).get(i));
            } else if (keep) {
                shape.add(Size.ONE);
            }
        }
        long before = axes.stream().filter(axis -> axis < x.axis()).distinct().count();
        return Value.of(x.axis() - (keep || !x.carriesRows() ? 0 : (int) before), shape);
    }

    /** The largest or smallest along an axis, and where they are. */
    static List<Value> top(Call call) {
        var x = call.shaped(0);
        call.fixedFrom(1);
        int axis = call.axis("axis", -1, call.shape(0).size());
        apart(x, axis);
        var shape = new ArrayList<>(call.shape(0));
        shape.set(axis, call.fresh());
        var top = Value.of(x.axis(), shape);
        return List.of(top, top);
    }

    /** A new axis for each index. */
    static List<Value> oneHot(Call call) {
        var x = call.shaped(0);
        call.fixedFrom(1);
        int axis = call.axis("axis", -1, call.shape(0).size() + 1);
        var shape = new ArrayList<>(call.shape(0));
        shape.add(axis, call.fresh());
        return List.of(Value.of(x.carriesRows() && axis <= x.axis() ? x.axis() + 1 : x.axis(), shape));
    }

    /** Of the last two axes, as a matrix. */
    static List<Value> triangle(Call call) {
        var x = call.shaped(0);
        call.fixedFrom(1);
        if (x.axis() >= call.shape(0).size() - 2) {
            throw new Refused("runs along axis " + x.axis());
        }
        return List.of(x.withoutElements());
    }

    /** Each sequence turned round up to its own length. */
    static List<Value> reverse(Call call) {
        var x = call.shaped(0);
        int batch = call.axis("batch_axis", 1, call.shape(0).size());
        if (x.axis() != batch || call.shaped(1).axis() != 0) {
            throw new Refused("has rows where it does not take them");
        }
        return List.of(x);
    }

    private static void apart(Value x, int axis) {
        if (x.axis() == axis) {
            throw new Refused("runs along axis " + axis);
        }
    }
}
