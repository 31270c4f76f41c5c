package dev.augur.model.onnx.rows;

import dev.augur.model.onnx.rows.Graph.Attribute;
import dev.augur.model.onnx.rows.Graph.Constant;
import java.util.List;
import java.util.Optional;

/** Numbers of the file, and lengths. Thread-safe. */
final class Constants {
    /** Longer lists of numbers are not followed. */
    static final int MOST_NUMBERS = 64;

    private Constants() {}

    static Value of(Constant constant) {
        var shape = constant.shape().stream().map(Size::of).toList();
        var elements = constant.shape().size() > 1
                ? Optional.<List<Size>>empty()
                : constant.numbers()
                        .map(numbers -> numbers.stream().map(Size::of).toList());
        return new Value(Value.NONE, Optional.of(shape), elements, "");
    }

    /** The value of a node {@code Constant}. */
    static List<Value> node(Call call) {
        var tensor = call.attribute("value").flatMap(Attribute::tensor);
        if (tensor.isPresent()) {
            return List.of(of(tensor.get()));
        }
        if (call.attribute("value_int").isPresent()) {
            return List.of(Value.scalar(Size.of(call.number("value_int", 0))));
        }
        if (call.attribute("value_ints").isPresent()) {
            return List.of(Value.list(
                    call.list("value_ints").orElseThrow().stream().map(Size::of).toList()));
        }
        if (call.attribute("value_float").isPresent()
                || call.attribute("value_string").isPresent()) {
            return List.of(Value.fixed(List.of()));
        }
        return List.of(Value.fixed());
    }

    /** The dimensions of a tensor; that of the rows is their number. */
    static List<Value> shape(Call call) {
        var x = call.anyInput(0);
        if (x.padded()) {
            throw new Refused("depends on the longest row");
        }
        if (x.shape().isEmpty()) {
            throw new Refused("meets a tensor of unknown shape");
        }
        var shape = x.shape().get();
        int start = bound(call.number("start", 0), shape.size());
        int end = bound(call.number("end", shape.size()), shape.size());
        return List.of(Value.list(shape.subList(start, Math.max(start, end))));
    }

    private static int bound(long given, int rank) {
        return (int) Math.max(0, Math.min(rank, given < 0 ? given + rank : given));
    }

    /** How many elements a tensor has. */
    static List<Value> size(Call call) {
        var shape = call.input(0).shape();
        return List.of(
                Value.scalar(Size.product(shape.orElseThrow(() -> new Refused("meets a tensor of unknown shape")))));
    }

    /** Numbers one after the other. */
    static List<Value> range(Call call) {
        for (int i = 0; i < call.inputs(); i++) {
            if (!call.input(i).isFixed()) {
                throw new Refused("numbers the rows");
            }
        }
        return List.of(Value.fixed(List.of(call.fresh())));
    }
}
