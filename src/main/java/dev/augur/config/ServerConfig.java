package dev.augur.config;

import dev.augur.cluster.ClusterConfig;
import dev.augur.consumer.ConsumerConfig;
import dev.augur.demo.DemoConfig;
import dev.augur.http.HttpConfig;
import dev.augur.inference.ModelsConfig;
import dev.augur.pipeline.PipelinesConfig;
import dev.augur.predictionlog.PredictionLogConfig;
import java.nio.file.Path;
import java.util.Set;

/**
 * Everything the operator may choose, valid as a whole. Thread-safe.
 *
 * @param roles what this node does; never empty
 * @param eventBus the public addresses of the event bus
 * @param dataDirectory where this node keeps what it writes
 */
public record ServerConfig(
        Set<Role> roles,
        HttpConfig http,
        ConsumerConfig eventBus,
        DemoConfig demo,
        ModelsConfig models,
        PipelinesConfig pipelines,
        Path dataDirectory,
        PredictionLogConfig predictionLog,
        ShutdownConfig shutdown,
        ClusterConfig cluster) {
    public ServerConfig {
        roles = Set.copyOf(roles);
    }

    /** The configuration when nothing is chosen: that of the shipped {@code conf/augur.yaml}. */
    public static ServerConfig defaults() {
        return ConfigLoader.read(ConfigSource.empty());
    }

    /** Where the prediction log lies. */
    public Path predictionsDirectory() {
        return dataDirectory.resolve("predictions");
    }
}
