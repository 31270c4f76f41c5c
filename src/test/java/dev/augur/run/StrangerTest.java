package dev.augur.run;

import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.Markdown;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that knows nothing of Augur joins by the lines of EVENT-BUS.md, or is told why not. */
class StrangerTest {
    private static final String MEMBER = "127.0.0.1:5701";
    /** What vertx-hazelcast brings: nothing of Augur's, no logging library, no native transport. */
    private static final List<String> VERTX = List.of("vertx-core-", "vertx-hazelcast-");

    private static final List<String> OTHERS = List.of("hazelcast-", "netty-", "jackson-core-", "jspecify-");
    private static final Path VERSIONS = Path.of("target", "strangers");

    @TempDir
    static Path folder;

    private static int port;
    private static AugurProcess node;

    @BeforeAll
    static void start() throws Exception {
        port = ChildProcess.freePort();
        node = AugurProcess.start(
                Map.of("AUGUR_HTTP_PORT", "0", "AUGUR_DATA_DIRECTORY", folder.resolve("data") + ""),
                "--cluster",
                "--set",
                "cluster.port=" + port,
                "--set",
                "cluster.port-count=1");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void theLinesOfThePageJoinWithOtherVersionsOfVertx() throws Exception {
        try (var older = run("older", program(), version("5.0.7"));
                var newer = run("newer", program(), version("5.0.10"))) {
            assertThat(older.exitCode()).isZero();
            assertThat(older.out()).as("%s", older.err()).contains("class_1");
            assertThat(newer.exitCode()).isZero();
            assertThat(newer.out()).as("%s", newer.err()).contains("class_1");
        }
    }

    private static Stream<String> version(String vertx) {
        var libraries = Stream.of("vertx-core-", "vertx-core-logging-", "vertx-hazelcast-")
                .map(library -> VERSIONS.resolve(library + vertx + ".jar").toString());
        return Stream.concat(libraries, own(OTHERS));
    }

    @Test
    void theLinesOfThePageJoinAndBothSidesTellWhatDiffers() throws Exception {
        var partitions = "hazelcast.setProperty(\"hazelcast.partition.count\", \"31\"); join.getMulti";
        try (var joins = run("joins", program());
                var other = run("partitions", program().replace("join.getMulti", partitions));
                var named = run("name", program().replace(".setClusterName(\"augur\")", ""))) {
            assertThat(joins.exitCode()).isZero();
            assertThat(joins.out()).as("%s", joins.err()).contains("class_1");

            other.exitCode();
            assertThat(String.join("\n", other.err()))
                    .contains("Incompatible partition count! expected: null, found: 31", "Node failed to start!");
            said("its hazelcast.partition.count is 31, the cluster's is not set");

            named.exitCode();
            assertThat(String.join("\n", named.err())).contains("different cluster-name", "NO_HANDLERS");
            said("its cluster has another name, expected setClusterName(\"augur\")");
        }
    }

    private static void said(String text) throws Exception {
        within(20, () -> node.err().stream().anyMatch(line -> line.contains(text)));
    }

    private static String program() throws Exception {
        var text = Markdown.read(Path.of("src/docs/EVENT-BUS.md")).blocks().stream()
                .filter(block -> block.text().contains("class Shop"))
                .findFirst()
                .orElseThrow()
                .text();
        assertThat(text).contains(MEMBER);
        return text.replace(MEMBER, "127.0.0.1:" + port); // of 5701 other tests may be
    }

    private static AugurProcess run(String name, String program) throws Exception {
        return run(name, program, Stream.concat(own(VERTX), own(OTHERS)));
    }

    /** Compiles and starts it, with its own libraries alone. */
    private static AugurProcess run(String name, String program, Stream<String> libraries) throws Exception {
        var source = Files.createDirectories(folder.resolve(name)).resolve("Shop.java");
        Files.writeString(source, program);
        var classPath = libraries.collect(Collectors.joining(File.pathSeparator));
        return AugurProcess.launch(
                Map.of(), List.of(System.getProperty("java.home") + "/bin/java", "-cp", classPath, source.toString()));
    }

    private static Stream<String> own(List<String> libraries) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> libraries.stream()
                        .anyMatch(library ->
                                Path.of(entry).getFileName().toString().startsWith(library)))
                .filter(entry -> !entry.contains("native"));
    }
}
