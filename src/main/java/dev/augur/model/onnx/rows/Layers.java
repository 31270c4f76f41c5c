package dev.augur.model.onnx.rows;

import java.util.ArrayList;
import java.util.List;

/** Layers of neural networks that take one sample, or one sequence, after the other. Thread-safe. */
final class Layers {
    private static final int FIRST_OPSET_OF_TRAINING_BY_ATTRIBUTE = 14;

    private Layers() {}

    /** Samples along the first axis, channels along the second; weights are settings. */
    static List<Value> convolution(Call call) {
        call.fixedFrom(1);
        return List.of(convolved(call, call.rowsFirst(0), 1));
    }

    /** Scale and zero point follow the samples, and weights are settings behind them. */
    static List<Value> quantizedConvolution(Call call) {
        call.fixed(3);
        return List.of(convolved(call, call.rowsFirst(0), 3));
    }

    private static Value convolved(Call call, Value x, int weights) {
        var kernel = call.shape(weights);
        var shape = new ArrayList<Size>();
        shape.add(call.shape(0).get(0));
        shape.add(kernel.get(0));
        var windows = Windows.of(call, kernel.subList(2, kernel.size()));
        for (int i = 2; i < call.shape(0).size(); i++) {
            shape.add(windows.slide(call, i - 2));
        }
        return Value.of(x.axis(), shape);
    }

    /** Its lengths are not followed. */
    static List<Value> transposedConvolution(Call call) {
        call.fixedFrom(1);
        return List.of(sample(call));
    }

    private static Value sample(Call call) {
        var x = call.rowsFirst(0);
        var shape = new ArrayList<>(call.fresh(call.shape(0).size()));
        shape.set(0, call.shape(0).get(0));
        return Value.of(x.axis(), shape);
    }

    /**
     * The largest or the mean of each window. Where the largest was is counted over all samples, so that output is not
     * followed.
     */
    static List<Value> pool(Call call) {
        var x = call.rowsFirst(0);
        var kernel = call.list("kernel_shape").orElse(List.of()).stream()
                .map(Size::of)
                .toList();
        var windows = Windows.of(call, kernel);
        var shape = new ArrayList<>(call.shape(0).subList(0, 2));
        for (int i = 0; i < kernel.size(); i++) {
            shape.add(windows.slide(call, i));
        }
        return List.of(Value.of(x.axis(), shape));
    }

    /** One number for each channel of a sample. */
    static List<Value> globalPool(Call call) {
        var x = call.rowsFirst(0);
        var shape = new ArrayList<>(call.shape(0));
        for (int i = 2; i < shape.size(); i++) {
            shape.set(i, Size.ONE);
        }
        return List.of(Value.of(x.axis(), shape));
    }

    /** By statistics of the training, not of the batch. */
    static List<Value> batchNormalization(Call call) {
        boolean training = call.opset() < FIRST_OPSET_OF_TRAINING_BY_ATTRIBUTE
                ? call.node().outputs().size() > 1
                : call.number("training_mode", 0) != 0;
        if (training) {
            throw new Refused("takes its statistics from the whole batch (training mode)");
        }
        return withinSamples(call);
    }

    /** Each sample by itself, in its own shape; further inputs are settings. */
    static List<Value> withinSamples(Call call) {
        var x = call.rowsFirst(0);
        call.fixedFrom(1);
        return List.of(x.withoutElements());
    }

    /** Each sample by itself, in a shape that is not followed. */
    static List<Value> samples(Call call) {
        call.fixedFrom(1);
        return List.of(sample(call));
    }

    /** Samples of a picture at places, both along the first axis. */
    static List<Value> gridSample(Call call) {
        if (call.rowsFirst(0).axis() != call.rowsFirst(1).axis()
                || !call.shape(0).get(0).equals(call.shape(1).get(0))) {
            throw new Refused("pairs rows with what has none");
        }
        return List.of(sample(call));
    }

    /** Sequences side by side along axis 1, or, with {@code layout}, along axis 0; time runs along the other. */
    static List<Value> recurrent(Call call) {
        boolean batchFirst = call.number("layout", 0) != 0;
        int batch = batchFirst ? 0 : 1;
        var x = call.shaped(0);
        if (x.carriesRows() && x.axis() != batch) {
            throw new Refused("runs along axis " + x.axis());
        }
        for (int i : new int[] {1, 2, 3, 7}) {
            if (call.has(i)) {
                call.fixed(i);
            }
        }
        state(call, 4, x.carriesRows() ? 0 : Value.NONE);
        state(call, 5, x.carriesRows() ? batch : Value.NONE);
        state(call, 6, x.carriesRows() ? batch : Value.NONE);
        var time = call.shape(0).get(1 - batch);
        var rows = call.shape(0).get(batch);
        var directions = call.text("direction", "forward").equals("bidirectional") ? Size.of(2) : Size.ONE;
        var hidden = call.attribute("hidden_size")
                .map(size -> Size.of(size.integer()))
                .orElseGet(call::fresh);
        var states = batchFirst ? List.of(rows, time, directions, hidden) : List.of(time, directions, rows, hidden);
        var last = batchFirst ? List.of(rows, directions, hidden) : List.of(directions, rows, hidden);
        var lastState = Value.of(x.carriesRows() ? batch : Value.NONE, last);
        return List.of(Value.of(x.carriesRows() ? (batchFirst ? 0 : 2) : Value.NONE, states), lastState, lastState);
    }

    private static void state(Call call, int input, int axis) {
        if (call.has(input) && call.shaped(input).axis() != axis) {
            throw new Refused("takes one input " + input + " for all rows");
        }
    }

    /** Scale and zero point are settings, for all or for each place along an axis. */
    static List<Value> quantization(Call call) {
        var x = call.shaped(0);
        call.fixedFrom(1);
        if (call.number("block_size", 0) != 0) {
            throw new Refused("takes a scale for each block");
        }
        boolean each = !call.shape(1).isEmpty() && !call.shape(1).equals(List.of(Size.ONE));
        if (each && call.axis("axis", 1, call.shape(0).size()) == x.axis()) {
            throw new Refused("takes a scale for each place along axis " + x.axis());
        }
        return List.of(x.withoutElements());
    }
}
