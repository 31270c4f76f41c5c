package dev.augur.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.predictionlog.line.RecordField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Compares recorded outputs with those of an answer. Immutable, thread-safe.
 *
 * @param tolerance how far numbers may be apart, as a part of the larger one, or of 1 if that is larger
 */
public record Comparison(double tolerance) {
    /**
     * What differs, a line for each output; empty if nothing could be compared.
     *
     * @param modelOutput the model's name for a recorded output; empty for one that is none of the model's
     */
    public Optional<List<String>> differences(
            JsonNode record, JsonNode answer, Function<String, Optional<String>> modelOutput) {
        var differences = new ArrayList<String>();
        int compared = 0;
        for (var recorded : record.path(RecordField.OUTPUTS).properties()) {
            var name = modelOutput.apply(recorded.getKey());
            var before = Values.of(recorded.getValue());
            boolean known = !Values.redacted(record, RecordField.OUTPUTS, recorded.getKey());
            if (known && name.isPresent() && before.isPresent()) {
                compared++;
                output(answer, name.get())
                        .flatMap(Values::of)
                        .map(now -> difference(before.get(), now))
                        .orElseGet(() -> Optional.of("is not in the answer"))
                        .ifPresent(text -> differences.add(recorded.getKey() + " " + text));
            }
        }
        return compared == 0 ? Optional.empty() : Optional.of(differences);
    }

    private Optional<String> difference(List<JsonNode> before, List<JsonNode> now) {
        if (before.size() != now.size()) {
            return Optional.of("had " + before.size() + " elements, has " + now.size());
        }
        int count = 0;
        int first = 0;
        for (int i = before.size() - 1; i >= 0; i--) {
            if (!same(before.get(i), now.get(i))) {
                count++;
                first = i;
            }
        }
        if (count == 0) {
            return Optional.empty();
        }
        return Optional.of("[" + first + "] was " + before.get(first) + ", is " + now.get(first)
                + (count == 1 ? "" : ", and " + (count - 1) + " more of " + before.size()));
    }

    private boolean same(JsonNode before, JsonNode now) {
        if (!before.isNumber() || !now.isNumber()) {
            return before.equals(now);
        }
        if (before.isIntegralNumber() && now.isIntegralNumber()) {
            return before.bigIntegerValue().equals(now.bigIntegerValue());
        }
        double larger = Math.max(1, Math.max(Math.abs(before.doubleValue()), Math.abs(now.doubleValue())));
        return Math.abs(before.doubleValue() - now.doubleValue()) <= tolerance * larger;
    }

    private static Optional<JsonNode> output(JsonNode answer, String name) {
        for (JsonNode output : answer.path("outputs")) {
            if (name.equals(output.path("name").asText())) {
                return Optional.of(output);
            }
        }
        return Optional.empty();
    }
}
