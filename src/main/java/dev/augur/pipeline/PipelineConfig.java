package dev.augur.pipeline;

import dev.augur.predictionlog.Delivery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pipeline as configured. Thread-safe.
 *
 * @param store name of the feature store
 * @param version of the model; empty for the newest that is loaded
 * @param inputs for each input of the model the features it is made of, in order; empty if every input is the feature
 *     of its name
 * @param outputs for each field of the answer the model's output it holds; empty for all outputs by their own names
 * @param label the output that holds the number of a class, whose name from the model's {@code class_names} is answered
 *     as {@code label}
 * @param limits what one request may ask
 * @param delivery when the answer may leave, seen from its record
 */
public record PipelineConfig(
        String name,
        String store,
        String model,
        Optional<String> version,
        Map<String, List<String>> inputs,
        Map<String, String> outputs,
        Optional<String> label,
        Limits limits,
        Delivery delivery) {
    public PipelineConfig {
        inputs = new LinkedHashMap<>(inputs);
        outputs = new LinkedHashMap<>(outputs);
    }

    /**
     * The model's output behind a field of an answer; empty for the name of a class, and for what is no field of it.
     */
    public Optional<String> output(String field) {
        if (!outputs.isEmpty()) {
            return Optional.ofNullable(outputs.get(field));
        }
        boolean named = label.isPresent();
        return named && field.equals(OutputFields.LABEL)
                ? Optional.empty()
                : Optional.of(named && field.equals(OutputFields.SAME_NAME) ? OutputFields.LABEL : field);
    }

    /**
     * What one request may ask.
     *
     * @param timeout from its arrival to its answer
     * @param maxItems entities of one request
     * @param maxWaiting entities of all requests for several, to this model, that have no answer yet; further requests
     *     are refused
     */
    public record Limits(Duration timeout, int maxItems, int maxWaiting) {}
}
