package dev.augur.config;

import dev.augur.access.AccessConfig;
import dev.augur.cluster.ClusterConfig;
import dev.augur.console.ConsoleConfig;
import dev.augur.consumer.ConsumerConfig;
import dev.augur.http.HttpConfig;
import dev.augur.http.RouteSource;
import dev.augur.http.RoutingConfig;
import dev.augur.membership.MembershipConfig;
import dev.augur.model.runtime.ModelsConfig;
import dev.augur.pipeline.PipelinesConfig;
import dev.augur.predictionlog.PredictionLogConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Everything the operator may choose, valid as a whole. Thread-safe.
 *
 * @param roles what this node does; never empty
 * @param access who may ask
 * @param eventBus the public addresses of the event bus
 * @param routes where the routes beside those of the server come from
 * @param dataDirectory where this node keeps what it writes
 * @param membership how the nodes of a cluster know of one another
 * @param routing how requests go to other nodes
 * @param telemetry what those who run it are told
 */
public record ServerConfig(
        Set<Role> roles,
        HttpConfig http,
        AccessConfig access,
        ConsoleConfig console,
        ConsumerConfig eventBus,
        List<RouteSource> routes,
        ModelsConfig models,
        PipelinesConfig pipelines,
        Path dataDirectory,
        PredictionLogConfig predictionLog,
        HealthConfig health,
        ShutdownConfig shutdown,
        ClusterConfig cluster,
        MembershipConfig membership,
        RoutingConfig routing,
        TelemetryConfig telemetry) {
    public ServerConfig {
        roles = Set.copyOf(roles);
        routes = List.copyOf(routes);
    }

    /** The same with further routes. */
    public ServerConfig with(RouteSource more) {
        var all = new ArrayList<>(routes);
        all.add(more);
        return new ServerConfig(
                roles,
                http,
                access,
                console,
                eventBus,
                all,
                models,
                pipelines,
                dataDirectory,
                predictionLog,
                health,
                shutdown,
                cluster,
                membership,
                routing,
                telemetry);
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
