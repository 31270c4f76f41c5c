package dev.augur.model.onnx.rows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Sums of products; no sum may run over the rows. Thread-safe. */
final class Products {
    private Products() {}

    static List<Value> matrices(Call call) {
        var product = product(call, call.shaped(0), call.shaped(1));
        call.fixedFrom(2);
        return List.of(product);
    }

    /** Scale and zero point follow each matrix. */
    static List<Value> quantized(Call call) {
        return List.of(product(call, call.shaped(0), call.shaped(3)));
    }

    /** {@code A * B + C}, A and B turned round if told. */
    static List<Value> general(Call call) {
        var folded = call.anyInput(0);
        if (!folded.padded() && !folded.isPlain()) {
            return foldedRows(call, folded);
        }
        var a = call.number("transA", 0) == 0 ? call.shaped(0) : turned(call.shaped(0));
        var b = call.number("transB", 0) == 0 ? call.shaped(1) : turned(call.shaped(1));
        var product = product(call, a, b);
        if (!call.has(2)) {
            return List.of(product);
        }
        return List.of(Elementwise.broadcast(call, List.of(product, call.shaped(2))));
    }

    /** Each place of the first axis, whatever it stands for, by the same matrix. */
    private static List<Value> foldedRows(Call call, Value rows) {
        call.fixedFrom(1);
        if (rows.axis() != 0
                || call.number("transA", 0) != 0
                || (call.has(2) && call.shape(2).size() > 1)) {
            throw new Refused("takes rows that are folded into one axis with another");
        }
        var columns = call.shape(1).get(call.number("transB", 0) == 0 ? 1 : 0);
        var shape = List.of(rows.shape().orElseThrow().get(0), columns);
        return List.of(Value.folded(0, shape, rows.before()));
    }

    /** That of com.microsoft, whose batches are not turned. */
    static List<Value> fused(Call call) {
        if (call.number("transBatchA", 0) != 0 || call.number("transBatchB", 0) != 0) {
            throw new Refused("turns its batches");
        }
        return general(call);
    }

    /** The last two axes exchanged. */
    private static Value turned(Value matrix) {
        var shape = new ArrayList<>(matrix.shape().orElseThrow());
        int last = shape.size() - 1;
        if (last < 1) {
            return matrix;
        }
        shape.add(last - 1, shape.remove(last));
        int axis = matrix.axis();
        return Value.of(axis == last ? last - 1 : axis == last - 1 ? last : axis, shape);
    }

    private static Value product(Call call, Value a, Value b) {
        var left = a.shape().orElseThrow();
        var right = b.shape().orElseThrow();
        if (left.isEmpty() || right.isEmpty()) {
            throw new Refused("multiplies a single number");
        }
        if (a.axis() == left.size() - 1 || (b.carriesRows() && b.axis() == Math.max(0, right.size() - 2))) {
            throw new Refused("sums over the rows");
        }
        int rank = Math.max(Math.max(left.size(), right.size()), 2);
        boolean rowsOfA = a.axis() == left.size() - 2 && a.carriesRows();
        boolean columnsOfB = b.carriesRows() && b.axis() == right.size() - 1;
        if ((rowsOfA && b.carriesRows()) || (columnsOfB && a.carriesRows())) {
            throw new Refused("pairs the rows of one input with those of the other");
        }
        var outer = Elementwise.broadcast(call, List.of(outer(a, left, rowsOfA), outer(b, right, columnsOfB)));
        var shape = new ArrayList<>(outer.shape().orElseThrow());
        int axis = rowsOfA ? rank - 2 : columnsOfB ? rank - 1 : outer.axis();
        if (left.size() > 1) {
            shape.add(left.get(left.size() - 2));
        } else if (axis == rank - 1) {
            axis--;
        }
        if (right.size() > 1) {
            shape.add(right.get(right.size() - 1));
        }
        return Value.of(axis, shape);
    }

    /** The axes before the matrices. */
    private static Value outer(Value value, List<Size> shape, boolean rowsInside) {
        return Value.of(rowsInside ? Value.NONE : value.axis(), shape.subList(0, Math.max(0, shape.size() - 2)));
    }

    /** The letter of the rows must be the same wherever there are rows, stand nowhere else and stay. */
    static List<Value> einsum(Call call) {
        var sides = call.text("equation", "").replace(" ", "").split("->", -1);
        var terms = sides[0].split(",", -1);
        if (sides.length != 2 || sides[0].contains(".") || terms.length != call.inputs()) {
            throw new Refused("has an equation that is not followed");
        }
        var letters = new HashSet<Character>();
        var lengths = new HashSet<Size>();
        for (int i = 0; i < terms.length; i++) {
            int axis = call.shaped(i).axis();
            if (axis != Value.NONE) {
                letters.add(letter(terms[i], axis));
                lengths.add(call.shape(i).get(axis));
            }
        }
        if (letters.isEmpty()) {
            return List.of(Value.fixed(call.fresh(sides[1].length())));
        }
        char rows = letters.iterator().next();
        for (int i = 0; i < terms.length; i++) {
            boolean there = terms[i].indexOf(rows) >= 0;
            if (letters.size() > 1
                    || lengths.size() > 1
                    || there != call.shaped(i).carriesRows()) {
                throw new Refused("pairs rows with each other");
            }
        }
        int axis = sides[1].indexOf(rows);
        if (axis < 0) {
            throw new Refused("sums over the rows");
        }
        var shape = new ArrayList<>(call.fresh(sides[1].length()));
        shape.set(axis, lengths.iterator().next());
        return List.of(Value.rows(axis, shape));
    }

    private static char letter(String term, int axis) {
        if (axis >= term.length() || term.indexOf(term.charAt(axis)) != term.lastIndexOf(term.charAt(axis))) {
            throw new Refused("pairs rows with each other");
        }
        return term.charAt(axis);
    }
}
