package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.invalid;

import dev.augur.inference.InferenceResponse;
import dev.augur.model.ModelMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Outputs as their highest values (Triton's classification extension): {@code <value>:<index>[:<label>]} as BYTES, for
 * each row of an output of two or more dimensions, or of one whose only dimension is free; an output of another shape
 * is one row. Labels are those of {@code <output>.classes} or {@code class_names} in the model's properties, where
 * there is one for each value of a row. Thread-safe.
 */
public final class Classification {
    private static final String CLASSES = ".classes";
    private static final String CLASS_NAMES = "class_names";

    private Classification() {}

    /**
     * The answer with the outputs in its place that are wanted so.
     *
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} for an output that has no numbers
     */
    public static InferenceResponse applied(InferenceResponse response, InferenceCall call, ModelMetadata metadata) {
        var outputs = new ArrayList<Tensor>(response.outputs());
        outputs.replaceAll(output -> {
            var count = call.classifications().get(output.name());
            return count == null ? output : highest(output, count, metadata);
        });
        return new InferenceResponse(
                response.id(),
                response.model(),
                response.version(),
                response.artifactDigest(),
                outputs,
                response.times());
    }

    private static Tensor highest(Tensor output, int count, ModelMetadata metadata) {
        if (output.datatype() == DataType.BYTES || output.datatype() == DataType.BOOL) {
            throw invalid(
                    "output \"" + output.name() + "\": classification needs numbers, it has " + output.datatype());
        }
        boolean rows = output.shape().rank() > 1 || free(output.name(), metadata);
        int rowCount = rows ? Math.toIntExact(output.shape().dimension(0)) : 1;
        int width = rowCount == 0 ? 0 : output.count() / rowCount;
        int kept = Math.min(count, width);
        var labels = labels(output.name(), width, metadata);
        var values = TensorValues.of(output);
        var strings = new ArrayList<byte[]>(rowCount * kept);
        for (int row = 0; row < rowCount; row++) {
            append(values.subList(row * width, (row + 1) * width), labels, kept, strings);
        }
        return Tensor.ofBytes(output.name(), rows ? Shape.of(rowCount, kept) : Shape.of(kept), strings);
    }

    private static void append(List<Object> row, List<String> labels, int kept, List<byte[]> strings) {
        IntStream.range(0, row.size())
                .boxed()
                .sorted(Comparator.comparing(row::get, Classification::descending))
                .limit(kept)
                .forEach(index -> {
                    String label = labels.isEmpty() ? "" : ":" + labels.get(index);
                    strings.add((row.get(index) + ":" + index + label).getBytes(StandardCharsets.UTF_8));
                });
    }

    /** The highest first, and what is no number last. */
    private static int descending(Object first, Object second) {
        if (first instanceof Long one && second instanceof Long other) {
            return other.compareTo(one);
        }
        if (first instanceof BigInteger one && second instanceof BigInteger other) {
            return other.compareTo(one);
        }
        double one = ((Number) first).doubleValue();
        double other = ((Number) second).doubleValue();
        return Double.isNaN(one) || Double.isNaN(other)
                ? Boolean.compare(Double.isNaN(one), Double.isNaN(other))
                : Double.compare(other, one);
    }

    private static boolean free(String output, ModelMetadata metadata) {
        return metadata.outputs().stream()
                .anyMatch(known -> known.name().equals(output)
                        && known.shape().rank() == 1
                        && known.shape().dimension(0) == Shape.VARIABLE);
    }

    private static List<String> labels(String output, int width, ModelMetadata metadata) {
        var properties = metadata.properties();
        var names = properties.getOrDefault(output + CLASSES, properties.getOrDefault(CLASS_NAMES, "[]"));
        try {
            var labels = new JsonArray(names).stream().map(String::valueOf).toList();
            return labels.size() == width ? labels : List.<String>of();
        } catch (DecodeException e) {
            return List.of();
        }
    }
}
