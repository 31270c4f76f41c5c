package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model whose kernel never returns: an inverse Fourier transform of the length (m - 1) * 2, which is 0 for the zeros
 * of a warm-up. What it holds is one thread, and neither the start, nor the stop, nor anybody else.
 */
class HangingModelTest {
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
    private static final String HANGS =
            "{\"parameters\":{\"timeout\":200000},\"inputs\":[{\"name\":\"x\",\"shape\":[1,1,2],\"datatype\":\"FP32\",\"data\":[0,0]}]}";
    private static final String FOR_EVER =
            "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1,2],\"datatype\":\"FP32\",\"data\":[0,0]}]}";
    private static final String ENDS =
            "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2,2],\"datatype\":\"FP32\",\"data\":[1,0,1,0]}]}";

    @TempDir
    Path folder;

    @BeforeEach
    void lay() throws Exception {
        put("iris", "conf/models/iris/1/model.onnx");
        put("hanging", "src/test/resources/hanging/model.onnx");
    }

    @Test
    void aWarmUpThatDoesNotEndHoldsNobody() throws Exception {
        try (var augur = start("--set", "models.warm-up-timeout=1s")) {
            augur.says("NOT LOADED: its warm-up did not end within 1000 ms");
            assertThat(infer(augur, "iris", ROW).statusCode()).isEqualTo(200);
            assertThat(infer(augur, "hanging", ENDS).statusCode()).isEqualTo(503);
            assertThat(load(augur, "hanging").body()).contains("still holds a thread");
            assertThat(load(augur, "iris").statusCode()).isEqualTo(200);
            assertThat(augur.get("/v2/health/ready").statusCode()).isEqualTo(200);
            stopsInOrder(augur);
            assertThat(augur.heldLoops()).noneMatch(line -> line.contains("Thread augur-"));
        }
    }

    @Test
    void othersAreServedAndTheStopIsQuickWhileAModelIsStillWarmingUp() throws Exception {
        try (var augur = launch("--set", "models.warm-up-timeout=10m")) {
            eventually(
                    () -> augur.out().stream().anyMatch(line -> line.contains("1 of 2 models loaded, listening at ")));
            assertThat(augur.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(augur.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(augur.get("/v2/health/ready").body())
                    .isEqualTo("{\"ready\":false,\"reasons\":{\"start\":\"1 of 2 models loaded\"}}");
            assertThat(infer(augur, "iris", ROW).statusCode()).isEqualTo(200);
            var loading = infer(augur, "hanging", ENDS);
            assertThat(loading.statusCode()).isEqualTo(503);
            assertThat(loading.headers().firstValue("Retry-After")).isPresent();
            assertThat(augur.post("/v2/repository/index", "").get().body())
                    .contains("\"name\":\"hanging\",\"version\":\"1\",\"state\":\"LOADING\"");
            stopsInOrder(augur);
        }
    }

    @Test
    void workersThatDoNotComeBackAreReplacedAndThenTheModelIsNotReady() throws Exception {
        try (var augur = start(
                "--set",
                "models.by-name.hanging.warm-up-runs=0",
                "--set",
                "models.by-name.hanging.stop-timeout=200ms")) {
            assertThat(infer(augur, "hanging", ENDS).statusCode()).isEqualTo(200);
            assertThat(infer(augur, "hanging", HANGS).statusCode()).isEqualTo(504);
            var lost = "augur_model_lost_workers{model=\"hanging\",version=\"1\"}";
            eventually(() -> augur.meter(lost) == 1);
            assertThat(infer(augur, "hanging", ENDS).statusCode()).isEqualTo(200);

            assertThat(infer(augur, "hanging", HANGS).statusCode()).isEqualTo(504);
            eventually(() -> augur.meter(lost) == 2);

            var refused = infer(augur, "hanging", ENDS);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("2 of its runs were stopped and do not come back");
            assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
            assertThat(augur.get("/v2/models/hanging/ready").statusCode()).isEqualTo(503);
            assertThat(infer(augur, "iris", ROW).statusCode()).isEqualTo(200);
            assertThat(augur.err().stream().filter(line -> line.contains("did not come back")))
                    .hasSize(2);
            assertThat(augur.heldLoops()).noneMatch(line -> line.contains("Thread augur-"));
            stopsInOrder(augur);
        }
    }

    /** Whoever left, whatever was replaced meanwhile: nobody waits for the run, but the stop for as long as it may. */
    @Test
    void aRunThatHangsHoldsNeitherAnUnloadNorALoadNorTheStop() throws Exception {
        try (var augur = start(
                "--set",
                "models.by-name.hanging.warm-up-runs=0",
                "--set",
                "models.by-name.hanging.stop-timeout=200ms",
                "--set",
                "shutdown.timeout=2s")) {
            var left = augur.post("/v2/models/hanging/infer", FOR_EVER);
            eventually(() -> augur.meter("augur_model_running{model=\"hanging\",version=\"1\"}") == 1);
            left.cancel(true);
            eventually(() -> augur.meter("augur_model_lost_workers{model=\"hanging\",version=\"1\"}") == 1);
            for (String change : List.of("unload", "load", "load")) {
                assertThat(augur.post("/v2/repository/models/hanging/" + change, "")
                                .get()
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(infer(augur, "hanging", ENDS).statusCode()).isEqualTo(200);

            var unanswered = augur.post("/v2/models/hanging/infer", FOR_EVER);
            eventually(() -> augur.meter("augur_model_running{model=\"hanging\",version=\"1\"}") == 1);
            var began = Instant.now();
            augur.signal("TERM");
            assertThat(augur.exitCode()).isEqualTo(1);
            assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(10));
            assertThat(augur.err()).contains("not everything was finished: 1 requests were not answered in time");
            eventually(unanswered::isCompletedExceptionally);
        }
    }

    /** As a closed terminal sends it; started by nohup it is ignored. */
    @Test
    void theEndOfTheTerminalDrainsUnlessItIsIgnored() throws Exception {
        try (var augur = AugurProcess.launch(variables(), List.of("env", "--default-signal=HUP", "./run.sh"))) {
            augur.says("listening at ");
            augur.signal("HUP");
            assertThat(augur.exitCode()).isZero();
            assertThat(augur.out()).contains("stopping", "stopped");
        }
        try (var augur = AugurProcess.launch(variables(), List.of("nohup", "./run.sh"))) {
            augur.says("listening at ");
            augur.signal("HUP");
            assertThat(augur.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(augur.out()).doesNotContain("stopping");
            stopsInOrder(augur);
        }
    }

    private static void stopsInOrder(AugurProcess augur) throws Exception {
        var began = Instant.now();
        augur.signal("TERM");
        assertThat(augur.exitCode()).isZero();
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(15));
    }

    private AugurProcess start(String... flags) throws Exception {
        return AugurProcess.start(variables(), flags);
    }

    private AugurProcess launch(String... flags) throws Exception {
        return AugurProcess.launch(variables(), flags);
    }

    private Map<String, String> variables() {
        return Map.of(
                "AUGUR_HTTP_PORT",
                "0",
                "AUGUR_SHUTDOWN_PAUSE",
                "0",
                "AUGUR_DATA_DIRECTORY",
                folder.resolve("data").toString(),
                "AUGUR_MODELS_REPOSITORY",
                folder.resolve("models").toString());
    }

    private void put(String model, String file) throws Exception {
        var version =
                Files.createDirectories(folder.resolve("models").resolve(model).resolve("1"));
        Files.copy(Path.of(file), version.resolve("model.onnx"));
    }

    private static HttpResponse<String> infer(AugurProcess augur, String model, String body) throws Exception {
        return augur.post("/v2/models/" + model + "/infer", body).get();
    }

    private static HttpResponse<String> load(AugurProcess augur, String model) throws Exception {
        return augur.post("/v2/repository/models/" + model + "/load", "").get();
    }
}
