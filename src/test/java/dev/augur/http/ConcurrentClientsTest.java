package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.RowCalls;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many clients at once, whose requests the server joins: each gets exactly its own rows. */
class ConcurrentClientsTest {
    private static final int CLIENTS = 12;
    private static final int MIN_REQUESTS = 40;
    private static final int MAX_ROWS = 12;
    private static final int MAX_BATCH_ROWS = 32;
    private static final String ENDLESS =
            "{\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[9000000000000000000]}]}";

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(CLIENTS);
    private static TestServer server;

    /** Every model shares one worker, so that a run of the slow one holds up the others. */
    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                "models.repository=" + Rows.repository(),
                "models.groups.one.workers=1",
                "models.group=one",
                "models.max-batch-size=" + MAX_BATCH_ROWS);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        THREADS.shutdown();
        assertThat(THREADS.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iris",
                "diabetes",
                "digits",
                "breast_cancer",
                "wine",
                "wine_zipmap",
                "wine_strings",
                "wine_csv",
                "iris_mixed",
                "doubler",
                "doubler_f64"
            })
    void eachGetsExactlyItsOwnRows(String model) throws Exception {
        long seed = System.nanoTime();
        System.out.println("ConcurrentClientsTest " + model + ": seed " + seed);
        var calls = calls(model, new Random(seed));
        int requests = calls.size();
        long rows = calls.stream().mapToLong(call -> call.inputs().size()).sum();
        var version = server.server().models().require(model, null).metadata().version();
        var waiting = "augur_model_waiting{model=\"" + model + "\",version=\"" + version + "\"}";
        try (var slow = new RawClient(server.port())) {
            slow.post("/v2/models/broken_slow/infer", ENDLESS);
            eventually(() -> server.meter("augur_model_running{model=\"broken_slow\",version=\"1\"}") == 1);
            var clients = new ArrayList<CompletableFuture<Void>>();
            for (int client = 0; client < CLIENTS; client++) {
                clients.add(CompletableFuture.runAsync(() -> work(model, calls), THREADS));
            }
            eventually(() -> server.meter(waiting) == CLIENTS);
            slow.leave(); // ends its run, and the others begin
            CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }
        checkStatistics(model, requests, rows);
    }

    /** Every row in JSON and in binary, alone or with a few others; again where that makes too few requests. */
    private static ConcurrentLinkedQueue<Call> calls(String model, Random random) throws Exception {
        var inputs = Rows.inputs(model);
        var expected = Rows.expected(model);
        var calls = new ArrayList<Call>();
        while (calls.size() < MIN_REQUESTS) {
            for (boolean binary : new boolean[] {false, true}) {
                for (int from = 0; from < inputs.size(); ) {
                    int rows = random.nextBoolean() ? 1 : 1 + random.nextInt(MAX_ROWS);
                    int to = Math.min(inputs.size(), from + rows);
                    calls.add(new Call(inputs.subList(from, to), expected.subList(from, to), binary));
                    from = to;
                }
            }
        }
        Collections.shuffle(calls, random);
        return new ConcurrentLinkedQueue<>(calls);
    }

    private static void work(String model, ConcurrentLinkedQueue<Call> calls) {
        for (Call call = calls.poll(); call != null; call = calls.poll()) {
            call.make(model);
        }
    }

    private static void checkStatistics(String model, int requests, long rows) throws Exception {
        var stats = new JsonObject(server.get("/v2/models/" + model + "/stats").body())
                .getJsonArray("model_stats")
                .getJsonObject(0);
        long runs = stats.getLong("execution_count");
        assertThat(stats.getJsonObject("inference_stats")
                        .getJsonObject("success")
                        .getInteger("count"))
                .isEqualTo(requests);
        assertThat(stats.getLong("inference_count")).isEqualTo(rows);
        assertThat(runs).as("runs for %s requests", requests).isLessThan(requests);
        assertThat(largestBatch(stats)).isGreaterThan(1).isLessThanOrEqualTo(MAX_BATCH_ROWS);
        var closed = stats.getJsonObject("batch_closed");
        assertThat(closed.stream()
                        .mapToLong(reason -> ((Number) reason.getValue()).longValue())
                        .sum())
                .isEqualTo(runs);
        assertThat(closed.getLong("retried")).isZero();
    }

    private static long largestBatch(JsonObject stats) {
        return stats.getJsonArray("batch_stats").stream()
                .mapToLong(batch -> ((JsonObject) batch).getLong("batch_size"))
                .max()
                .orElse(0);
    }

    /** One request and what must come back. */
    private record Call(List<JsonObject> inputs, List<JsonObject> expected, boolean binary) {
        void make(String model) {
            try {
                RowCalls.check(
                        binary ? RowCalls.inferInBinary(server, model, inputs) : RowCalls.infer(server, model, inputs),
                        expected);
            } catch (Exception e) {
                throw new AssertionError(model, e);
            }
        }
    }
}
