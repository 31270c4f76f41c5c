package dev.augur.model.onnx.rows;

import dev.augur.model.onnx.rows.Graph.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Operators of the domain {@code ai.onnx.ml}: a row of a matrix is a sample, a single dimension is one sample.
 * Thread-safe.
 */
final class Classical {
    private Classical() {}

    /** A label and the scores of each row. */
    static List<Value> classifier(Call call) {
        var x = matrix(call);
        var rows = call.shape(0).get(0);
        return List.of(Value.of(x.axis(), List.of(rows)), Value.of(x.axis(), List.of(rows, call.fresh())));
    }

    /** Numbers for each row. */
    static List<Value> regressor(Call call) {
        var x = matrix(call);
        long targets = call.number("n_targets", call.number("targets", 0));
        var columns = targets > 0
                ? Size.of(targets)
                : call.node().operator().equals("TreeEnsemble") ? call.fresh() : Size.ONE;
        return List.of(Value.of(x.axis(), List.of(call.shape(0).get(0), columns)));
    }

    /** Each row in its own shape, by settings for each column. */
    static List<Value> columns(Call call) {
        return List.of(matrix(call).withoutElements());
    }

    private static Value matrix(Call call) {
        var x = call.rowsFirst(0);
        call.fixedFrom(1);
        if (x.carriesRows() && call.shape(0).size() != 2) {
            throw new Refused("takes " + call.shape(0).size() + " dimensions for one sample");
        }
        return x;
    }

    /** A new last axis with one place for each category. */
    static List<Value> oneHot(Call call) {
        var x = call.shaped(0);
        var shape = new ArrayList<>(call.shape(0));
        int categories = Math.max(items(call, "cats_int64s"), items(call, "cats_strings"));
        shape.add(Size.of(categories));
        return List.of(Value.of(x.axis(), shape));
    }

    private static int items(Call call, String attribute) {
        return call.attribute(attribute).map(Attribute::items).orElse(0);
    }

    /** Places along the last axis of the first input; a single dimension becomes one row. */
    static List<Value> extractor(Call call) {
        var x = call.shaped(0);
        var y = call.shaped(1);
        int last = call.shape(0).size() - 1;
        if (x.carriesRows() && (x.axis() == last || y.carriesRows())) {
            throw new Refused("picks among the rows");
        }
        if (y.carriesRows()) {
            boolean first = Size.product(call.shape(1).subList(0, y.axis())).is(1);
            if (last != 0 || !first) {
                throw new Refused("mixes rows with what they are taken from");
            }
            return List.of(Value.rows(1, List.of(Size.ONE, Size.product(call.shape(1)))));
        }
        var shape =
                new ArrayList<>(last == 0 ? List.of(Size.ONE) : call.shape(0).subList(0, last));
        shape.add(Size.product(call.shape(1)));
        return List.of(Value.of(x.axis(), shape));
    }

    /** The columns of all inputs side by side. */
    static List<Value> vectorizer(Call call) {
        int rows = call.rowsFirst(0).axis();
        for (int i : IntStream.range(0, call.inputs()).toArray()) {
            boolean beside = call.shaped(i).axis() == rows
                    && call.shape(i).size() == 2
                    && call.shape(i).get(0).equals(call.shape(0).get(0));
            if (!beside) {
                throw new Refused("puts rows beside what has none");
            }
        }
        return List.of(Value.of(rows, List.of(call.shape(0).get(0), call.fresh())));
    }

    /** Each row of a matrix is a text of its own; a single dimension is one text. */
    static List<Value> termCounts(Call call) {
        var x = matrix(call);
        return List.of(Value.of(x.axis(), List.of(call.shape(0).get(0), call.fresh())));
    }

    /** The words of each text, filled up to the longest. */
    static List<Value> words(Call call) {
        var x = call.shaped(0);
        boolean plain =
                call.number("mark", 0) == 0 && call.text("pad_value", "?").isEmpty();
        if (!plain || !x.carriesRows() || call.shape(0).size() != 1) {
            throw new Refused("fills rows up to the longest");
        }
        return List.of(Value.padded(List.of(call.shape(0).get(0), call.fresh())));
    }

    /** Leaves words out, unless there are none to leave out. */
    static List<Value> normalizedTexts(Call call) {
        var x = call.shaped(0);
        boolean stops = call.attribute("stopwords").map(Attribute::items).orElse(0) > 0;
        if (stops || call.shape(0).size() != 1) {
            throw new Refused("leaves elements out");
        }
        return List.of(x.withoutElements());
    }
}
