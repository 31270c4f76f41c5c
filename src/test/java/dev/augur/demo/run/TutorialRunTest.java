package dev.augur.demo.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial from outside: its times, and what becomes of its requests when the server stops. */
class TutorialRunTest {
    private static final String[] ROUTES = {
        "/predict_sync", "/predict_async_io", "/predict_full_async", "/predict_with_background"
    };

    @TempDir
    Path data;

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
        }
        for (var answer : answers) {
            assertThat(answer.get().statusCode()).isIn(200, 400);
        }
    }

    @Test
    void finishesWhatRunsWhenItIsToldToStop() throws Exception {
        var variables = variables();
        variables.put("AUGUR_LOG_LEVEL", "WARN"); // the tutorial tells its steps
        try (var augur = AugurProcess.start(variables)) {
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
            assertThat(atOnce(augur, ROUTES[2], 50).get().toMillis()).isBetween(2_500L, 4_500L);
            assertThat(atOnce(augur, ROUTES[3], 200).get().toMillis()).isBetween(5_500L, 7_500L);
            eventually(() -> augur.meter("augur_prediction_log_records_total{outcome=\"stored\"}") == 200);
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
