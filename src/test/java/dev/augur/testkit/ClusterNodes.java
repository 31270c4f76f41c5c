package dev.augur.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Nodes of one cluster, as processes on loopback, each with a data directory of its own. */
public final class ClusterNodes {
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
        var variables = new HashMap<>(Map.of(
                "AUGUR_HTTP_PORT",
                "0",
                "AUGUR_DATA_DIRECTORY",
                data(name).toString(),
                "AUGUR_CLUSTER_NAME",
                "augur-test",
                "AUGUR_CLUSTER_PORT",
                String.valueOf(port),
                "JAVA_OPTS",
                "-XX:TieredStopAtLevel=1 -Xmx256m " + options));
        var flags = Stream.concat(
                        Stream.of("--cluster", "--roles", roles),
                        Stream.of(settings).flatMap(setting -> Stream.of("--set", setting)))
                .toList();
        return AugurProcess.start(variables, List.copyOf(flags).toArray(String[]::new));
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
