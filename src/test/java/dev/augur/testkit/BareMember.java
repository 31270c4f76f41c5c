package dev.augur.testkit;

import static dev.augur.testkit.TestServer.await;

import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.ConfigLoader;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.HashMap;
import java.util.Map;

/** A member of a cluster on loopback that has one event loop, and nothing of a server. */
public final class BareMember {
    private BareMember() {}

    /** Joins the cluster that begins at this port, with further settings as flags have them. */
    public static Vertx join(int port, Map<String, String> more) throws Exception {
        var flags = new HashMap<>(Map.of(
                "cluster.enabled", "true",
                "cluster.name", "augur-bare",
                "cluster.port", String.valueOf(port),
                "cluster.port-count", "2"));
        flags.putAll(more);
        var config = ConfigLoader.load(Map.of(), flags).cluster();
        return await(ClusteredVertx.join(new VertxOptions().setEventLoopPoolSize(1), config));
    }
}
