package dev.augur.testkit;

import dev.augur.cluster.ClusterConfig;
import dev.augur.cluster.ClusteredVertx;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Nodes of one cluster, as processes on loopback, each with a data directory of its own. */
public final class ClusterNodes {
    private static final String NAME = "augur-test";

    private final Path directory;
    private final int port;
    private String options = "";

    public ClusterNodes(Path directory) throws Exception {
        this.directory = directory;
        this.port = ChildProcess.freePort();
    }

    /** Further options of their JVMs. */
    public ClusterNodes with(String javaOptions) {
        options = javaOptions;
        return this;
    }

    /** Starts a node and waits until it is ready; one of the same name has the same data. */
    public AugurProcess start(String name, String roles, String... settings) throws Exception {
        return AugurProcess.start(variables(name), flags(roles, settings));
    }

    /**
     * Starts a node, and does not wait: beside others, once the first one is ready. Two that begin at the same moment
     * may be two clusters for a while.
     */
    public AugurProcess launch(String name, String roles, String... settings) throws Exception {
        return AugurProcess.launch(variables(name), flags(roles, settings));
    }

    /** A member in this process, as any program of Vert.x may be one. */
    public Vertx join() throws Exception {
        return TestServer.await(ClusteredVertx.join(
                new VertxOptions(),
                new ClusterConfig(
                        true,
                        NAME,
                        "127.0.0.1",
                        port,
                        8,
                        0,
                        List.of("127.0.0.1"),
                        Optional.empty(),
                        Optional.empty(),
                        ClusterConfig.Patience.USUAL)));
    }

    private Map<String, String> variables(String name) throws Exception {
        return Map.of(
                "AUGUR_HTTP_PORT",
                "0",
                "AUGUR_DATA_DIRECTORY",
                data(name).toString(),
                "AUGUR_CLUSTER_NAME",
                NAME,
                "AUGUR_CLUSTER_PORT",
                String.valueOf(port),
                "JAVA_OPTS",
                "-XX:TieredStopAtLevel=1 -Xmx256m " + options);
    }

    private static String[] flags(String roles, String... settings) {
        return Stream.concat(
                        Stream.of("--cluster", "--roles", roles),
                        Stream.of(settings).flatMap(setting -> Stream.of("--set", setting)))
                .toArray(String[]::new);
    }

    /** The first port of the cluster. */
    public int port() {
        return port;
    }

    /** What a node writes. */
    public Path data(String name) throws Exception {
        return Files.createDirectories(directory.resolve(name));
    }
}
