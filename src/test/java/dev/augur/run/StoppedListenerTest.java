package dev.augur.run;

import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ClusterNodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A program that follows the prediction log over the event bus and is stopped while much is published. */
@EnabledIfSystemProperty(named = "augur.cluster.long", matches = "true", disabledReason = "the long form: -Pcluster")
class StoppedListenerTest {
    private static final Duration STOPPED = Duration.ofSeconds(60);
    private static final int AT_ONCE = 32;
    private static final String WHOLE_HEAP = "-Xms256m -XX:+AlwaysPreTouch"; // so what comes on top lies outside of it
    private static final long MOST_MORE_KILOBYTES = 80_000; // cluster.event-bus-memory, a quarter of the heap, and some

    @TempDir
    Path directory;

    @Test
    void theLogNodeGoesOnInTheMemoryThatItHad() throws Exception {
        var cluster = new ClusterNodes(directory).with(WHOLE_HEAP);
        try (var node = cluster.start("node", "http,predict,log");
                var listener = listener(cluster)) {
            listener.says("listens");
            ask(node, System.nanoTime() + Duration.ofSeconds(20).toNanos());
            within(20, () -> listener.out().stream().anyMatch(line -> line.startsWith("record ")));
            long before = residentKilobytes(node);
            listener.signal("STOP");
            long most = 0;
            long answered = 0;
            long end = System.nanoTime() + STOPPED.toNanos();
            while (System.nanoTime() < end) {
                answered += ask(node, System.nanoTime() + Duration.ofSeconds(1).toNanos());
                most = Math.max(most, residentKilobytes(node));
            }
            listener.signal("CONT");
            System.out.printf(
                    "a listener stopped for %d s: %d records published, resident memory %d KB before, at most %d KB%n",
                    STOPPED.toSeconds(), answered, before, most);
            assertThat(most - before).as("KB more than before").isLessThan(MOST_MORE_KILOBYTES);
            within(60, () -> node.meter("augur_prediction_log_pending") == 0);
        }
    }

    private static AugurProcess listener(ClusterNodes cluster) throws Exception {
        return AugurProcess.launch(
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-Daugur.cluster.name=augur-test",
                        "-Daugur.cluster.port=" + cluster.port(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BusListener.class.getName(),
                        "127.0.0.1"));
    }

    /** Asks until then, and tells how many answers there were. */
    private static long ask(AugurProcess node, long end) throws Exception {
        long answered = 0;
        while (System.nanoTime() < end) {
            var answers = Stream.generate(() -> node.post("/predict/wine", "{\"item_id\":43}"))
                    .limit(AT_ONCE)
                    .toList();
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get();
            for (var answer : answers) {
                assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(200);
            }
            answered += AT_ONCE;
        }
        return answered;
    }

    private static long residentKilobytes(AugurProcess node) throws Exception {
        return Files.readAllLines(Path.of("/proc", String.valueOf(node.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
