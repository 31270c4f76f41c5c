package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.HttpLoad;
import dev.augur.testkit.HttpLoad.Route;
import dev.augur.testkit.LogCounters;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Augur in a program of its own whose logging verticle comes and goes, is held, or has a slow disk, under load over
 * HTTP.
 */
class EmbeddedLogTest {
    private static final int CALLERS = 8;
    private static final long FAST = 1L << 40;
    private static final long SLOW = 2 << 20;
    /** Requests of a thousand records each; with the profile {@code crash} a million records. */
    private static final int BURST = Integer.getInteger("augur.crash.rounds", 3) < 100 ? 20 : 1_000;

    private static final int ITEMS = 1_000;
    private static final int MAX_PENDING = 1_000;
    private static final Set<String> REFUSAL =
            Set.of("503 {\"detail\":\"the prediction log does not take records now\"}");

    @TempDir
    Path directory;

    @Test
    void losesNothingWhenTheLoggingVerticleComesAndGoesAndItsLoopIsHeld() throws Exception {
        var log = new LogFolder(directory);
        try (var augur = start(FAST)) {
            var before = HttpLoad.start(augur, Route.PIPELINE, 1, CALLERS);
            var after = HttpLoad.start(augur, Route.MODEL, 1, CALLERS);
            before.goesOn(100);
            after.goesOn(100);
            for (int round = 0; round < 2; round++) {
                tell(augur, "undeploy");
                before.isRefused();
                after.goesOn(50);
                tell(augur, "deploy");
                before.goesOn(100);
            }
            int warnings = augur.heldLoops().size();
            tell(augur, "hold");
            before.isRefused();
            after.goesOn(50);
            assertThat(augur.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(LogCounters.of(augur).pending()).isPositive();
            tell(augur, "release");
            before.goesOn(100);
            before.stop();
            after.stop();

            eventually(() -> LogCounters.of(augur).pending() == 0);
            var counters = LogCounters.of(augur);
            var records = log.checkedRecords();
            assertThat(before.refusals()).isEqualTo(REFUSAL);
            assertThat(after.refusals()).isEmpty();
            assertThat(counters.dropped()).isZero();
            assertThat(counters.stored()).isEqualTo(before.answered() + before.refused() + after.answered());
            assertThat(records).hasSize((int) counters.stored());
            LogFolder.assertAllOnce(List.of(before, after), records);
            assertOnlyHeld(augur, warnings);
        }
    }

    /** The checker speaks of the thread that was held and of no other. */
    private static void assertOnlyHeld(AugurProcess augur, int warnings) {
        var held = augur.out().stream()
                .filter(line -> line.startsWith("held: "))
                .map(line -> line.substring("held: ".length()))
                .findFirst()
                .orElseThrow();
        assertThat(augur.heldLoops().stream()
                        .skip(warnings)
                        .filter(line -> !line.contains("Thread " + held + " has been blocked"))
                        .filter(line -> line.contains(" has been blocked")))
                .isEmpty();
        assertThat(augur.heldLoops()).hasSizeGreaterThan(warnings);
    }

    @Test
    void aBurstOnASlowDiskKeepsItsBoundsAndCounts() throws Exception {
        var log = new LogFolder(directory);
        try (var augur = start(
                SLOW,
                "config=" + withLaterPipeline(),
                "models.queue=4000",
                "prediction-log.max-pending=" + MAX_PENDING)) {
            var before = HttpLoad.start(augur, Route.PIPELINE, 1, 2);
            before.goesOn(10);
            burst(augur);
            var atOnce = LogCounters.of(augur);
            assertThat(atOnce.dropped()).isPositive();
            before.goesOn(10);
            before.stop();

            eventually(() -> LogCounters.of(augur).pending() == 0);
            var counters = LogCounters.of(augur);
            assertThat(counters.offered()).isEqualTo((long) BURST * ITEMS + before.answered() + before.refused());
            assertThat(before.refusals()).isSubsetOf(REFUSAL);
            assertThat(before.refused()).isPositive();
            var records = log.checkedRecords();
            assertThat(records).hasSize((int) counters.stored());
            LogFolder.assertAllOnce(List.of(before), records);
            assertThat(augur.alive()).isTrue();
        }
    }

    /** Many items in a few requests; every one is answered, whatever becomes of its record. */
    private static void burst(AugurProcess augur) throws Exception {
        var items = IntStream.range(0, ITEMS)
                .mapToObj(i -> new JsonObject().put("item_id", 3 + i % 2))
                .toList();
        var body = new JsonObject().put("items", new JsonArray(items)).encode();
        for (int sent = 0; sent < BURST; sent += 2) {
            var answers = List.of(augur.post("/predict/later", body), augur.post("/predict/later", body));
            for (var answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
                assertThat(answer.get().body()).doesNotContain("\"error\"");
            }
            // A record that is dropped at this very moment still counts as pending.
            assertThat(LogCounters.of(augur).pending()).isLessThanOrEqualTo(MAX_PENDING + 2 * ITEMS);
        }
    }

    private Path withLaterPipeline() throws Exception {
        var conf = Path.of("conf").toAbsolutePath();
        var settings = Files.readString(conf.resolve("augur.yaml"))
                .replace("repository: models", "repository: '" + conf.resolve("models") + "'")
                .replace("path: features/", "path: " + conf + "/features/")
                .replace(
                        "\npipelines:\n",
                        "\npipelines:\n  later: {store: breast_cancer, model: breast_cancer, prediction-log: after-answer}\n");
        return Files.writeString(directory.resolve("later.yaml"), settings);
    }

    private AugurProcess start(long bytesPerSecond, String... settings) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                EmbeddedServer.class.getName(),
                String.valueOf(bytesPerSecond),
                "data.directory=" + directory,
                "shutdown.pause=0"));
        command.addAll(List.of(settings));
        var augur = AugurProcess.launch(Map.of("ORT_DISABLE_TELEMETRY", "1"), command);
        eventually(() -> augur.out().stream().anyMatch(line -> line.contains(" at http://")) || !augur.alive());
        assertThat(augur.alive()).as("%s", augur.err()).isTrue();
        return augur;
    }

    private static void tell(AugurProcess augur, String what) throws Exception {
        long before = said(augur, what);
        augur.tell(what);
        eventually(() -> said(augur, what) > before || !augur.alive());
    }

    private static long said(AugurProcess augur, String what) {
        return augur.out().stream().filter(("done: " + what)::equals).count();
    }
}
