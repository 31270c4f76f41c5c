package dev.augur.model.onnx.rows;

import java.util.List;
import java.util.Optional;

/**
 * What is known of a tensor of a graph before it runs. A tensor <em>carries rows</em> along an axis if that of joined
 * requests is that of each request, one behind the other along this axis; every other tensor that is known at all is
 * the same for each request alone and for all together. Thread-safe.
 *
 * @param axis the axis of the rows; {@link #NONE} where it carries none
 * @param shape its dimensions; none where not even their number is known, which is so for tensors without rows only
 * @param elements of a tensor of up to one dimension, where they are known: whole numbers, or lengths
 * @param before how often the rows follow each other along their axis, where they were folded into one with an axis
 *     before them
 * @param padded whether its rows are filled up with empty texts to the longest, so that it is not what this says where
 *     some are
 * @param fault why nothing is known; empty if something is
 */
record Value(
        int axis,
        Optional<List<Size>> shape,
        Optional<List<Size>> elements,
        Size before,
        boolean padded,
        String fault) {
    Value(int axis, Optional<List<Size>> shape, Optional<List<Size>> elements, String fault) {
        this(axis, shape, elements, Size.ONE, /* padded= */ false, fault);
    }

    static final int NONE = -1;

    /** One that carries rows. */
    static Value rows(int axis, List<Size> shape) {
        return new Value(axis, Optional.of(List.copyOf(shape)), Optional.empty(), "");
    }

    /** Rows that are folded into one axis with that many places before them. */
    static Value folded(int axis, List<Size> shape, Size before) {
        return new Value(axis, Optional.of(List.copyOf(shape)), Optional.empty(), before, /* padded= */ false, "");
    }

    /** Rows of texts, the shorter ones filled up with empty ones. */
    static Value padded(List<Size> shape) {
        return new Value(0, Optional.of(List.copyOf(shape)), Optional.empty(), Size.ONE, /* padded= */ true, "");
    }

    /** One that is the same for all. */
    static Value fixed(List<Size> shape) {
        return new Value(NONE, Optional.of(List.copyOf(shape)), Optional.empty(), "");
    }

    /** One that is the same for all, of any shape. */
    static Value fixed() {
        return new Value(NONE, Optional.empty(), Optional.empty(), "");
    }

    /** One that carries rows along an axis, or, where that is {@link #NONE}, is the same for all. */
    static Value of(int axis, List<Size> shape) {
        return axis == NONE ? fixed(shape) : rows(axis, shape);
    }

    /** One dimension of numbers or lengths. */
    static Value list(List<Size> elements) {
        var shape = List.of(Size.of(elements.size()));
        return new Value(NONE, Optional.of(shape), Optional.of(List.copyOf(elements)), "");
    }

    /** A single number or length. */
    static Value scalar(Size element) {
        return new Value(NONE, Optional.of(List.of()), Optional.of(List.of(element)), "");
    }

    static Value unknown(String fault) {
        return new Value(NONE, Optional.empty(), Optional.empty(), fault);
    }

    /** The same in another shape, with its elements if that has one dimension at most. */
    Value moved(int axisNow, List<Size> changed) {
        if (carriesRows()) {
            return rows(axisNow, changed);
        }
        if (changed.size() > 1 && countsRows()) {
            throw new Refused("computes with the number of rows");
        }
        return new Value(NONE, Optional.of(List.copyOf(changed)), changed.size() > 1 ? Optional.empty() : elements, "");
    }

    /** The same shape, other elements. */
    Value withoutElements() {
        return new Value(axis, shape, Optional.empty(), fault);
    }

    /** Whether its rows lie along an axis of their own, as they came in. */
    boolean isPlain() {
        return !padded && before.equals(Size.ONE);
    }

    boolean isKnown() {
        return fault.isEmpty();
    }

    boolean carriesRows() {
        return axis != NONE;
    }

    /** Whether its elements change with the number of rows. */
    boolean countsRows() {
        return elements.isPresent() && elements.get().stream().anyMatch(Size::countsRows);
    }

    /** Whether it is the same for each request alone and for all together. */
    boolean isFixed() {
        return isKnown() && !carriesRows() && !countsRows();
    }
}
