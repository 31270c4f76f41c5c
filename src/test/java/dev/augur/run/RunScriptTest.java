package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program from outside: how it starts, serves, stops, and what is left when it is killed. */
class RunScriptTest {
    private static final String[] ROUTES = {
        "/predict_sync", "/predict_async_io", "/predict_full_async", "/predict_with_background"
    };

    @TempDir
    Path data;

    @Test
    void saysWhatItServes() throws Exception {
        try (var augur = AugurProcess.start(variables())) {
            assertThat(augur.out().get(0)).matches("Augur .*, node-.*: ready in \\d+\\.\\d s at http://127.0.0.1:\\d+");
            eventually(() -> augur.out().stream().anyMatch(line -> line.startsWith("  log ")));
            int cores = Runtime.getRuntime().availableProcessors();
            String numbers = cores + " workers, 1 threads per run, queue 1000, largest batch 32";
            assertThat(augur.out())
                    .contains(
                            "  roles   [http, predict, log]",
                            "  route   POST /predict_with_background",
                            "  route   POST /v2/models/{model}/infer",
                            "  model   iris version 1: " + numbers,
                            "  model   diabetes version 1: " + numbers,
                            "  model   digits version 1: " + numbers);
            augur.signal("INT");
            assertThat(augur.exitCode()).isZero();
            assertThat(augur.err()).isEmpty();
        }
    }

    @Test
    void tenAtOnceTakeAsLongAsInTheTutorialWhileNothingElseWaits() throws Exception {
        try (var augur = AugurProcess.start(variables())) {
            var ends = new ArrayList<CompletableFuture<Duration>>();
            for (String route : ROUTES) {
                ends.add(atOnce(augur, route, 10));
            }
            int health = 0;
            while (ends.stream().anyMatch(end -> !end.isDone())) {
                assertThat(augur.get("/health/live").statusCode()).isEqualTo(200);
                assertThat(augur.get("/v2/models/iris").statusCode()).isEqualTo(200);
                health++;
            }
            assertThat(ends.get(0).get()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(18));
            assertThat(ends.get(1).get()).isBetween(Duration.ofMillis(10_500), Duration.ofSeconds(13));
            assertThat(ends.get(2).get()).isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(4));
            assertThat(ends.get(3).get()).isBetween(Duration.ofMillis(1_500), Duration.ofSeconds(4));
            assertThat(health).isGreaterThan(500);
        }
    }

    /** A stall of the whole machine makes the checker speak too, so it has to do so in three runs out of three. */
    @Test
    void neverHoldsAnEventLoop() throws Exception {
        var variables = variables();
        Map.of("FETCH", "0", "PREDICTION", "10ms", "LOG", "0")
                .forEach((stage, delay) -> variables.put("AUGUR_DEMO_" + stage + "_DELAY", delay));
        var held = new ArrayList<String>();
        for (int run = 0; run < 3; run++) {
            try (var augur = AugurProcess.start(variables)) {
                for (int round = 0; round < 10; round++) {
                    mixedRound(augur);
                }
                held.addAll(augur.heldLoops());
                if (augur.heldLoops().isEmpty()) {
                    return;
                }
            }
        }
        assertThat(held).isEmpty();
    }

    private static void mixedRound(AugurProcess augur) throws Exception {
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < 10; i++) {
            for (String route : ROUTES) {
                answers.add(augur.post(route, body(i)));
                answers.add(augur.post(route, "{\"item_id\":" + "[".repeat(900_000)));
            }
            answers.add(augur.post("/v2/models/digits/infer", digits(500)));
        }
        for (var answer : answers) {
            assertThat(answer.get().statusCode()).isIn(200, 400);
        }
    }

    private static String digits(int rows) {
        var pixels = "0.5,".repeat(rows * 64);
        return "{\"inputs\":[{\"name\":\"image\",\"shape\":[" + rows + ",1,8,8],\"datatype\":\"FP32\",\"data\":["
                + pixels.substring(0, pixels.length() - 1) + "]}]}";
    }

    @Test
    void finishesWhatRunsWhenItIsToldToStop() throws Exception {
        try (var augur = AugurProcess.start(variables())) {
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 60; i++) {
                answers.add(augur.post("/predict_with_background", body(i)));
            }
            eventually(() -> augur.meter("augur_pool_running{pool=\"augur-predict\"}") == 40);

            augur.signal("TERM");

            eventually(() -> augur.get("/health/ready").statusCode() == 503);
            assertThat(augur.get("/health/ready").body()).isEqualTo("{\"status\":\"draining\"}");
            assertThat(augur.get("/health/live").statusCode()).isEqualTo(200);
            for (var answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
            assertThat(augur.exitCode()).isZero();
            assertThat(augur.out()).endsWith("stopping", "stopped");
            assertThat(augur.err()).isEmpty();
            assertThat(TestServer.records(data.resolve("predictions")))
                    .hasSize(60)
                    .allSatisfy(record -> assertThat(record.getString("status")).isEqualTo("OK"));
            assertThatThrownBy(() -> augur.get("/health/live")).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void takesNothingNewWhileItFinishes() throws Exception {
        var variables = variables();
        variables.put("AUGUR_DEMO_PREDICTION_DELAY", "5s");
        variables.put("AUGUR_SHUTDOWN_PAUSE", "100ms");
        try (var augur = AugurProcess.start(variables)) {
            var running = augur.post("/predict_full_async", body(1));
            eventually(() -> augur.meter("augur_pool_running{pool=\"augur-predict\"}") == 1);
            augur.signal("TERM");
            eventually(() -> {
                try {
                    return augur.get("/health/live").statusCode() == 503;
                } catch (IOException refused) {
                    return true;
                }
            });
            assertThat(running.isDone()).isFalse();
            assertThatThrownBy(() -> augur.post("/predict_full_async", body(2)).get())
                    .hasCauseInstanceOf(IOException.class);
            assertThat(running.get().statusCode()).isEqualTo(200);
            assertThat(augur.exitCode()).isZero();
        }
    }

    @Test
    void fortyWorkersTakeFiftyInTwoRoundsAndTwoHundredInFive() throws Exception {
        try (var augur = AugurProcess.start(variables())) {
            for (int requests : new int[] {1, 50, 200}) {
                int rounds = (requests + 39) / 40;
                for (String route : new String[] {ROUTES[2], ROUTES[3]}) {
                    var total = atOnce(augur, route, requests).get();
                    assertThat(total.toMillis()).isBetween(500 + rounds * 1_000L, 2_500 + rounds * 1_000L);
                }
            }
            eventually(() -> augur.meter("augur_prediction_log_records_total{outcome=\"stored\"}") == 251);
            assertThat(augur.meter("augur_prediction_log_records_total{outcome=\"dropped\"}"))
                    .isZero();
        }
    }

    @Test
    void endsAtOnceAtTheSecondSignal() throws Exception {
        var variables = variables();
        variables.put("AUGUR_DEMO_PREDICTION_DELAY", "50s");
        try (var augur = AugurProcess.start(variables)) {
            var answer = augur.post("/predict_full_async", body(1));
            eventually(() -> augur.meter("augur_pool_running{pool=\"augur-predict\"}") == 1);
            augur.signal("TERM");
            eventually(() -> augur.out().contains("stopping"));
            assertThat(augur.alive()).isTrue();
            augur.signal("TERM");
            assertThat(augur.exitCode()).isEqualTo(128 + 15);
            assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class);
        }
    }

    @Test
    void namesEveryProblemOfItsConfiguration() throws Exception {
        var file = Files.writeString(data.resolve("bad.yaml"), "http: {port: 70000, hots: x}\nwrokers: 1\n");
        try (var augur = AugurProcess.launch(Map.of("AUGUR_CONFIG", file.toString()), "--set", "demo.workers=none")) {
            assertThat(augur.exitCode()).isEqualTo(2);
            assertThat(augur.out()).isEmpty();
            assertThat(augur.err())
                    .containsExactly(
                            file + ": http.port: 70000 is not allowed, expected an integer from 0 to 65535",
                            "command line: demo.workers: \"none\" is not allowed, expected an integer from 1 to 1024",
                            file + ": http.hots: unknown setting",
                            file + ": wrokers: unknown setting");
        }
    }

    @Test
    void refusesFlagsItDoesNotKnow() throws Exception {
        try (var augur = AugurProcess.launch(Map.of(), "--prot", "1")) {
            assertThat(augur.exitCode()).isEqualTo(2);
            assertThat(augur.err().get(0)).contains("--prot");
        }
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var variables = variables();
            variables.put("AUGUR_HTTP_PORT", String.valueOf(taken.getLocalPort()));
            try (var augur = AugurProcess.launch(variables)) {
                assertThat(augur.exitCode()).isEqualTo(1);
                assertThat(augur.err())
                        .singleElement()
                        .asString()
                        .startsWith("cannot start: port " + taken.getLocalPort() + " on 127.0.0.1 cannot be bound: ");
            }
        }
    }

    private CompletableFuture<Duration> atOnce(AugurProcess augur, String route, int requests) {
        long start = System.nanoTime();
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < requests; i++) {
            answers.add(augur.post(route, body(i)));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    assertThat(answers).allMatch(answer -> answer.join().statusCode() == 200);
                    return Duration.ofNanos(System.nanoTime() - start);
                });
    }

    private Map<String, String> variables() {
        return new HashMap<>(Map.of("AUGUR_HTTP_PORT", "0", "AUGUR_DATA_DIRECTORY", data.toString()));
    }

    private static String body(int item) {
        return "{\"item_id\":" + item + ",\"feature_value\":21.0}";
    }
}
