package dev.augur.cli;

import dev.augur.Server;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.ServerConfig;
import dev.augur.http.Entrance;
import dev.augur.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The Vert.x of a node that the program starts. Thread-safe. */
final class NodeVertx {
    private static final long EVENT_LOOP_LIMIT_MILLIS = 100;
    private static final long CHECK_INTERVAL_MILLIS = 50;

    private NodeVertx() {}

    /** Done when it has joined its cluster, if it has one; fails when it cannot, or cannot trace as it is told to. */
    static Future<Vertx> make(ServerConfig loaded) {
        if (!loaded.telemetry().tracing()) {
            return make(loaded, UnaryOperator.identity());
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger(); // by which OpenTelemetry tells what it cannot send
        SLF4JBridgeHandler.install();
        try {
            var tracing = Tracing.start(Server.version(), Map.of());
            return make(loaded, tracing::into).map(tracing::into);
        } catch (RuntimeException e) { // one of its variables
            return Future.failedFuture(new IOException("tracing.enabled: " + e.getMessage(), e));
        }
    }

    private static Future<Vertx> make(ServerConfig loaded, UnaryOperator<VertxBuilder> more) {
        var options = new VertxOptions()
                .setFileSystemOptions(Augur.NO_FILES)
                .setMaxEventLoopExecuteTime(EVENT_LOOP_LIMIT_MILLIS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(CHECK_INTERVAL_MILLIS)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS);
        return loaded.cluster().enabled()
                ? ClusteredVertx.join(options, loaded.cluster(), more)
                : Future.succeededFuture(
                        Entrance.build(more.apply(Vertx.builder().with(options))));
    }
}
