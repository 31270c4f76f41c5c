package dev.augur.model.runtime;

import dev.augur.model.Model;
import dev.augur.model.Run;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model on made-up rows, those of three requests alone and then joined, and compares what it yields. Used on one
 * worker thread; blocks.
 */
final class RowTrial {
    /*
     * Sums come out in another order for one row than for many, so numbers agree within a share of the largest number
     * of their row: 1e-3, some thousand roundings of an FP32, since made-up rows may cancel each other out more than
     * real ones; more for halves. What depends on other rows differs by far more, as these differ in size by four
     * orders of magnitude. A label may stand on the edge between two numbers, so one row may have another one.
     */
    private static final double SHARE = 1e-3;
    private static final double SHARE_FP16 = 5e-2;
    private static final double SHARE_BF16 = 2e-1;
    private static final double NOTHING = 1e-6;
    private static final int ROWS_ON_EDGE = 1;
    private static final int MOST_ELEMENTS = 4_096;

    /** How a trial ended. */
    enum Ending {
        AGREE,
        DIFFER,
        /** The model does not run on made-up values. */
        FAILED
    }

    /**
     * What a trial found.
     *
     * @param reason why it did not agree; empty if it did
     */
    record Outcome(Ending ending, String reason) {}

    private final Model model;
    private final Run run;
    private final long deadlineNanos;

    /**
     * A trial.
     *
     * @param run what stops it
     * @param deadlineNanos when no further values are tried, by {@link System#nanoTime}
     */
    RowTrial(Model model, Run run, long deadlineNanos) {
        this.model = model;
        this.run = run;
        this.deadlineNanos = deadlineNanos;
    }

    /** Tries one kind of values after the other, up to the first on which the model runs. */
    Outcome outcome() {
        var failure = new Outcome(Ending.FAILED, "its inputs are too large for one");
        for (TrialRows rows : TrialRows.kinds(model.metadata())) {
            if (System.nanoTime() - deadlineNanos > 0) {
                return new Outcome(Ending.FAILED, "it took too long");
            }
            try {
                var alone = new ArrayList<List<Tensor>>();
                for (List<Tensor> inputs : rows.alone()) {
                    alone.add(outputs(inputs));
                }
                return compared(rows, alone);
            } catch (RuntimeException e) {
                failure = new Outcome(Ending.FAILED, String.valueOf(e.getMessage()));
            }
        }
        return failure;
    }

    private List<Tensor> outputs(List<Tensor> inputs) {
        var names =
                model.metadata().outputs().stream().map(output -> output.name()).toList();
        return model.predict(inputs, names, run);
    }

    private Outcome compared(TrialRows rows, List<List<Tensor>> alone) {
        List<Tensor> joined;
        try {
            joined = outputs(rows.joined());
        } catch (RuntimeException e) {
            boolean late = System.nanoTime() - deadlineNanos > 0;
            return late
                    ? new Outcome(Ending.FAILED, "it took too long")
                    : new Outcome(Ending.DIFFER, "rows that it takes alone fail together");
        }
        for (int i = 0; i < joined.size(); i++) {
            int output = i;
            var parts = alone.stream().map(outputs -> outputs.get(output)).toList();
            var difference = difference(joined.get(i), parts);
            if (difference.isPresent()) {
                return new Outcome(Ending.DIFFER, "output \"" + joined.get(i).name() + "\" " + difference.get());
            }
        }
        return new Outcome(Ending.AGREE, "");
    }

    private static Optional<String> difference(Tensor joined, List<Tensor> parts) {
        int row = 0;
        int onEdge = 0;
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            int rows = TrialRows.COUNTS.get(i);
            if (!hasRows(part, rows)
                    || !hasRows(joined, TrialRows.ALL)
                    || !part.shape().sameRowAs(joined.shape())) {
                return Optional.of("has the shape " + part.shape() + " for " + rows + " rows and " + joined.shape()
                        + " for " + TrialRows.ALL);
            }
            for (int j = 0; j < rows; j++, row++) {
                var difference = difference(new Row(joined, row), new Row(part, j));
                boolean exact = tolerance(joined.datatype()) == 0;
                onEdge += difference != null && exact ? 1 : 0;
                if (difference != null && (!exact || onEdge > ROWS_ON_EDGE)) {
                    return Optional.of(difference);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean hasRows(Tensor tensor, int rows) {
        return tensor.shape().rank() > 0 && tensor.shape().dimension(0) == rows;
    }

    /** One row of a tensor. */
    private record Row(Tensor tensor, int index) {
        /** Its elements, numbers or texts; of very many the first ones. */
        List<Object> elements() {
            int length = Math.toIntExact(tensor.shape().withRows(1).elements());
            int width = tensor.datatype().elementBytes();
            if (width == 0) {
                return TensorValues.of(tensor).subList(index * length, (index + 1) * length);
            }
            int compared = Math.min(length, MOST_ELEMENTS);
            var data = tensor.elements().slice(index * length * width, compared * width);
            return TensorValues.of(new Tensor("", tensor.datatype(), Shape.of(compared), data));
        }
    }

    private static @Nullable String difference(Row joined, Row alone) {
        var together = joined.elements();
        var single = alone.elements();
        double share = tolerance(joined.tensor().datatype());
        double largest = single.stream()
                .mapToDouble(each -> each instanceof Number number ? Math.abs(number.doubleValue()) : 0)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        for (int i = 0; i < single.size(); i++) {
            if (!agree(together.get(i), single.get(i), share == 0 ? 0 : share * largest + NOTHING)) {
                return "is " + single.get(i) + " for a row alone and " + together.get(i)
                        + " for the same row among others";
            }
        }
        return null;
    }

    private static boolean agree(Object together, Object single, double within) {
        if (together.equals(single) || within == 0) {
            return together.equals(single);
        }
        double difference = ((Number) together).doubleValue() - ((Number) single).doubleValue();
        return Math.abs(difference) <= within;
    }

    private static double tolerance(DataType datatype) {
        return switch (datatype) {
            case FP32, FP64 -> SHARE;
            case FP16 -> SHARE_FP16;
            case BF16 -> SHARE_BF16;
            case BOOL, BYTES, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> 0;
        };
    }
}
