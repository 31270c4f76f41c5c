package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

    /** Why single pipelines are not ready, by name; empty when all are. */
    public Map<String, String> notReady() {
        var reasons = new TreeMap<String, String>();
        byName.forEach((name, pipeline) -> pipeline.notReady().ifPresent(reason -> reasons.put(name, reason)));
        return reasons;
    }
}
