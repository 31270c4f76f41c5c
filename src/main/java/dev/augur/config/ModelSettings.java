package dev.augur.config;

import static dev.augur.setting.Section.Range.between;
import static java.time.Duration.ofSeconds;

import dev.augur.model.ModelRepository;
import dev.augur.model.VersionPolicy;
import dev.augur.model.runtime.Execution;
import dev.augur.model.runtime.ModelConfig;
import dev.augur.model.runtime.ModelsConfig;
import dev.augur.predictionlog.Delivery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of models: those of all, and those of single ones. */
final class ModelSettings {
    private static final int MAX_COUNT = 1_000_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration TENTH = Duration.ofMillis(100);

    private ModelSettings() {}

    /** Problems are left with the reader. */
    static ModelsConfig read(ConfigReader reader) {
        var repository = repository(reader);
        var watch = reader.flag("models.watch", false);
        var interval = reader.duration("models.watch-interval", ofSeconds(1), between(Duration.ofMillis(100), HOUR));
        var groups = groups(reader);
        var defaults = model(reader, "models.", builtIn(), groups);
        var byName = new LinkedHashMap<String, ModelConfig>();
        reader.namedAsModels("models.by-name")
                .forEach((name, section) -> byName.put(name, model(section, "", defaults, groups)));
        return new ModelsConfig(repository, watch ? Optional.of(interval) : Optional.empty(), defaults, byName, groups);
    }

    static Path repository(ConfigReader reader) {
        return reader.path("models.repository", "conf/models");
    }

    private static ModelConfig builtIn() {
        return new ModelConfig(
                VersionPolicy.LATEST,
                new ModelConfig.Workers(0, Optional.empty()),
                new ModelConfig.Admission(1_000, 32_768, Duration.ZERO),
                new ModelConfig.Batching(32, Duration.ZERO),
                3,
                ModelConfig.Limits.DEFAULT,
                Delivery.AFTER_ANSWER);
    }

    private static ModelConfig model(
            ConfigReader reader, String prefix, ModelConfig above, Map<String, Integer> groups) {
        var admission = above.admission();
        var workers = workers(reader, prefix, above.workers(), groups);
        return new ModelConfig(
                versions(reader, prefix + "versions", above.versions()),
                workers,
                new ModelConfig.Admission(
                        reader.integer(prefix + "queue", admission.queue(), between(0, MAX_COUNT)),
                        reader.integer(prefix + "max-rows", admission.maxRows(), between(1, Integer.MAX_VALUE)),
                        reader.duration(prefix + "timeout", admission.timeout(), between(Duration.ZERO, HOUR))),
                batching(reader, prefix, above.batching(), workers.execution()),
                reader.integer(prefix + "warm-up-runs", above.warmUpRuns(), between(0, 1_000)),
                limits(reader, prefix, above.limits()),
                reader.choice(prefix + "prediction-log", Delivery.class, above.delivery()));
    }

    /** A size set for one model is an order to batch it; one for all is a limit. */
    private static ModelConfig.Batching batching(
            ConfigReader reader, String prefix, ModelConfig.Batching above, Execution execution) {
        String size = prefix + "max-batch-size";
        var delay = reader.duration(prefix + "max-batch-delay", above.maxDelay(), between(Duration.ZERO, MINUTE));
        if (execution == Execution.EVENT_LOOP && !delay.isZero()) {
            reader.problem(
                    prefix + "execution",
                    "\"event-loop\" is not allowed where max-batch-delay is " + delay.toMillis()
                            + " ms, expected worker: event loops do not wait for further requests");
        }
        return new ModelConfig.Batching(
                reader.integer(size, above.maxSize(), between(1, MAX_COUNT)),
                delay,
                prefix.isEmpty() && reader.isSet(size));
    }

    private static ModelConfig.Limits limits(ConfigReader reader, String prefix, ModelConfig.Limits above) {
        return new ModelConfig.Limits(
                reader.duration(prefix + "load-timeout", above.load(), between(TENTH, DAY)),
                reader.duration(prefix + "warm-up-timeout", above.warmUp(), between(TENTH, HOUR)),
                reader.duration(prefix + "stop-timeout", above.stop(), between(TENTH, HOUR)),
                reader.integer(prefix + "max-lost-workers", above.lostWorkers(), between(1, 1_024)));
    }

    private static ModelConfig.Workers workers(
            ConfigReader reader, String prefix, ModelConfig.Workers above, Map<String, Integer> groups) {
        int workers = threads(reader, prefix + "workers", above.count());
        String none = above.group().orElse("none");
        String group = reader.text(prefix + "group", none);
        if (!group.equals("none") && !groups.containsKey(group)) {
            reader.problem(
                    prefix + "group",
                    "\"" + group + "\" is not allowed, expected none or one of models.groups: " + groups.keySet());
            return above;
        }
        var execution = reader.choice(prefix + "execution", Execution.class, above.execution());
        return new ModelConfig.Workers(
                workers, group.equals("none") ? Optional.empty() : Optional.of(group), execution);
    }

    private static Map<String, Integer> groups(ConfigReader reader) {
        var groups = new LinkedHashMap<String, Integer>();
        reader.named("models.groups").forEach((name, section) -> {
            if (name.equals("none")) {
                section.problem("workers", "a group cannot be called none");
            }
            groups.put(name, threads(section, "workers", 0));
        });
        return groups;
    }

    /** 0 is one per core. */
    private static int threads(ConfigReader reader, String key, int above) {
        int workers = reader.integer(key, above, between(0, 1_024));
        if (workers > Settings.cores()) {
            reader.problem(key, workers + " workers on " + Settings.cores() + " cores only take time from each other");
        }
        return workers == 0 ? Settings.cores() : workers;
    }

    private static VersionPolicy versions(ConfigReader reader, String key, VersionPolicy above) {
        var texts = reader.list(key, texts(above));
        if (texts.equals(List.of("latest"))) {
            return VersionPolicy.LATEST;
        }
        if (texts.equals(List.of("all"))) {
            return new VersionPolicy(/* all= */ true, List.of());
        }
        if (texts.isEmpty()
                || !texts.stream()
                        .allMatch(text -> ModelRepository.VERSION.matcher(text).matches())) {
            reader.problem(key, texts + " is not allowed, expected latest, all or a list of versions such as [1, 3]");
            return above;
        }
        return new VersionPolicy(/* all= */ false, texts.stream().distinct().toList());
    }

    private static List<String> texts(VersionPolicy policy) {
        if (policy.listed().isEmpty()) {
            return List.of(policy.all() ? "all" : "latest");
        }
        return policy.listed();
    }
}
