package dev.augur.model.onnx.rows;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.model.onnx.rows.Graph.Attribute;
import dev.augur.model.onnx.rows.Graph.Node;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A node with what is known of its inputs, as rules ask for it. An input that no rule has asked for must be the same
 * for all rows. Used on one thread.
 */
final class Call {
    private final Node node;
    private final long opset;
    private final List<@Nullable Value> inputs;
    private final AtomicInteger symbols;
    private final BitSet asked = new BitSet();

    /**
     * A node.
     *
     * @param inputs {@code null} for those left out
     * @param symbols counts the lengths that have no name
     */
    Call(Node node, long opset, List<@Nullable Value> inputs, AtomicInteger symbols) {
        this.node = node;
        this.opset = opset;
        this.inputs = inputs;
        this.symbols = symbols;
    }

    Node node() {
        return node;
    }

    /** The version of the operators of its domain. */
    long opset() {
        return opset;
    }

    int inputs() {
        return inputs.size();
    }

    boolean has(int index) {
        return index < inputs.size() && inputs.get(index) != null;
    }

    /** An input of any kind whose rows are neither folded nor filled up. */
    @CanIgnoreReturnValue
    Value input(int index) {
        var value = anyInput(index);
        if (!value.isPlain()) {
            throw new Refused(
                    value.padded()
                            ? "takes rows that are filled up to the longest"
                            : "takes rows that are folded into one axis with another");
        }
        return value;
    }

    /** An input of any kind. */
    Value anyInput(int index) {
        var value = index < inputs.size() ? inputs.get(index) : null;
        if (value == null) {
            throw new Refused("lacks its input " + index);
        }
        asked.set(index);
        return value;
    }

    /** An input whose elements are not the number of rows. */
    @CanIgnoreReturnValue
    Value tensor(int index) {
        var value = input(index);
        if (value.countsRows()) {
            throw new Refused("computes with the number of rows");
        }
        return value;
    }

    /** Such an input whose number of dimensions is known. */
    @CanIgnoreReturnValue
    Value shaped(int index) {
        var value = tensor(index);
        if (value.shape().isEmpty()) {
            throw new Refused("meets a tensor of unknown shape");
        }
        return value;
    }

    /** The dimensions of such an input. */
    List<Size> shape(int index) {
        return shaped(index).shape().orElseThrow();
    }

    /** An input whose rows, if it carries any, are along the first axis. */
    Value rowsFirst(int index) {
        var value = shaped(index);
        if (value.axis() > 0) {
            throw new Refused("has rows along axis " + value.axis() + " where it takes them along axis 0");
        }
        return value;
    }

    /** The elements of an input, numbers or lengths. */
    List<Size> elements(int index, String what) {
        var value = input(index);
        if (value.elements().isEmpty()) {
            throw new Refused("takes " + what + " that are not known before it runs");
        }
        return value.elements().get();
    }

    /** Numbers from an attribute or else from an input; none if there is neither. */
    Optional<List<Long>> numbers(String attribute, int input) {
        var given = node.attributes().get(attribute);
        if (given != null) {
            return Optional.of(given.integers());
        }
        if (!has(input)) {
            return Optional.empty();
        }
        return Optional.of(elements(input, attribute).stream()
                .map(size -> number(size, attribute))
                .toList());
    }

    private static long number(Size size, String what) {
        if (!size.isNumber()) {
            throw new Refused("takes " + what + " that are not known before it runs");
        }
        return size.factor();
    }

    /** Axes of {@code rank} dimensions from an attribute or else from an input; none if there is neither. */
    Optional<List<Integer>> axes(int input, int rank) {
        return numbers("axes", input)
                .map(axes -> axes.stream().map(axis -> axis(axis, rank)).toList());
    }

    Optional<Attribute> attribute(String name) {
        return Optional.ofNullable(node.attributes().get(name));
    }

    long number(String attribute, long otherwise) {
        return attribute(attribute).map(Attribute::integer).orElse(otherwise);
    }

    Optional<List<Long>> list(String attribute) {
        return attribute(attribute).map(Attribute::integers);
    }

    String text(String attribute, String otherwise) {
        return attribute(attribute).map(Attribute::text).orElse(otherwise);
    }

    /** The axis of an attribute, counted from the front. */
    int axis(String attribute, long otherwise, int rank) {
        return axis(number(attribute, otherwise), rank);
    }

    static int axis(long axis, int rank) {
        long front = axis < 0 ? axis + rank : axis;
        if (front < 0 || front >= Math.max(1, rank)) {
            throw new Refused("has the axis " + axis + " of " + rank + " dimensions");
        }
        return (int) front;
    }

    /** A length that is the same for all rows and not known. */
    Size fresh() {
        return Size.symbol("s" + symbols.incrementAndGet());
    }

    /** A number that is the same for all rows and not known. */
    Size unknownNumber() {
        return Size.symbol(Size.UNKNOWN + symbols.incrementAndGet());
    }

    /** So many lengths. */
    List<Size> fresh(int count) {
        return IntStream.range(0, count).mapToObj(i -> fresh()).toList();
    }

    /** Refuses inputs from that place on which are not the same for all rows. */
    void fixedFrom(int index) {
        for (int i = index; i < inputs.size(); i++) {
            if (has(i)) {
                fixed(i);
            }
        }
    }

    /** An input that is the same for all rows. */
    @CanIgnoreReturnValue
    Value fixed(int index) {
        var value = input(index);
        if (!value.isFixed()) {
            throw new Refused(
                    "takes " + (value.carriesRows() ? "rows" : "the number of rows") + " as its input " + index);
        }
        return value;
    }

    /** Refuses inputs that no rule asked for, unless they are the same for all rows. */
    void refuseOthers() {
        for (int i = 0; i < inputs.size(); i++) {
            var value = inputs.get(i);
            if (value != null && !value.isFixed() && !asked.get(i)) {
                fixed(i);
            }
        }
    }

    boolean allFixed() {
        return inputs.stream().allMatch(value -> value == null || value.isFixed());
    }
}
