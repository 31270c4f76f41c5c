package dev.augur.model.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Which models are served, and how.
 *
 * @param repository folder of the models, {@code <name>/<version>/model.onnx}
 * @param watchInterval how often the repository is looked at for changes; empty for never
 * @param defaults for models that have no settings of their own
 * @param byName settings of single models
 * @param groups threads of each group of workers that models share
 */
public record ModelsConfig(
        Path repository,
        Optional<Duration> watchInterval,
        ModelConfig defaults,
        Map<String, ModelConfig> byName,
        Map<String, Integer> groups) {
    public ModelsConfig {
        byName = Map.copyOf(byName);
        groups = Map.copyOf(groups);
    }

    /** How that model is served. */
    public ModelConfig of(String model) {
        return byName.getOrDefault(model, defaults);
    }
}
