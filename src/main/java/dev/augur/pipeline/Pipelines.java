package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.recording.InferenceTrace;
import dev.augur.predictionlog.recording.Recorder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pipelines of this node, by name. Thread-safe. */
public final class Pipelines {
    private final Map<String, Pipeline> byName;

    public Pipelines(List<Pipeline> pipelines) {
        this.byName = new TreeMap<>(pipelines.stream()
                .collect(Collectors.toMap(pipeline -> pipeline.config().name(), pipeline -> pipeline)));
    }

    /** Every pipeline, by name. */
    public List<Pipeline> all() {
        return List.copyOf(byName.values());
    }

    /** The pipeline of that name, if there is one. */
    public Optional<Pipeline> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * The pipeline of that name.
     *
     * @throws ServingException {@code NOT_FOUND} when there is none
     */
    public Pipeline require(String name) {
        var pipeline = byName.get(name);
        if (pipeline == null) {
            throw new ServingException(
                    ErrorCode.NOT_FOUND,
                    "pipeline \"" + name + "\" is not known, only " + String.join(", ", byName.keySet()));
        }
        return pipeline;
    }

    /**
     * Begins the record of a request to the pipeline of that name, in which it stands until there are items;
     * {@code null} if it is not to have one.
     */
    public @Nullable InferenceTrace record(String name, String endpoint, Recorder recorder) {
        var config = find(name).map(Pipeline::config);
        return recorder.begin(
                endpoint,
                config.map(PipelineConfig::model).orElse(name),
                config.map(PipelineConfig::delivery).orElse(Delivery.AFTER_ANSWER));
    }

    /** The model of the pipeline of that name; {@code null} if there is none. */
    public @Nullable String model(String name) {
        var pipeline = byName.get(name);
        return pipeline == null ? null : pipeline.config().model();
    }

    /** Why single pipelines are not ready, by name; empty when all are. */
    public Map<String, String> notReady() {
        var reasons = new TreeMap<String, String>();
        byName.forEach((name, pipeline) -> pipeline.notReady().ifPresent(reason -> reasons.put(name, reason)));
        return reasons;
    }
}
