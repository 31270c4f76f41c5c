package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /metrics} as Prometheus reads it. */
class MetricsTest {
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(\\{[^}]*})? \\S+");
    private static final String IRIS =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}";
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("http.instances=2", "models.queue=0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void scrapesAtOnceAllSucceed() throws Exception {
        server.post("/predict/wine", "{\"item_id\":43}");
        var clients = IntStream.range(0, 8)
                .mapToObj(client -> CompletableFuture.supplyAsync(() -> scrapes(25)))
                .toList();
        for (var client : clients) {
            assertThat(client.get(30, TimeUnit.SECONDS)).containsOnlyKeys(200);
        }
    }

    @Test
    void everyCountBeginsAtZero() throws Exception {
        try (var fresh = TestServer.start()) {
            var before = counts(fresh.get("/metrics").body());
            fresh.post("/predict/wine", "{\"item_id\":43}");
            fresh.post("/predict/wine", "{");
            fresh.post("/predict/none", "{\"item_id\":43}");
            fresh.post("/double", "{\"item_id\":\"a\"}");
            fresh.post("/v2/models/iris/infer", "{\"inputs\":[]}");
            fresh.post("/v2/models/none/infer", "{\"inputs\":[]}");
            fresh.postBytes("/v2/models/iris/infer", new byte[1], Map.of("Content-Type", "text/xml"));
            fresh.get("/v2/models/none");
            fresh.get("/none");
            var after = counts(fresh.get("/metrics").body());
            assertThat(after.keySet()).isEqualTo(before.keySet());
            assertThat(after.entrySet().stream()
                            .filter(count -> count.getKey().startsWith("augur_http_requests_total"))
                            .filter(count -> count.getValue() > before.get(count.getKey())))
                    .hasSizeGreaterThanOrEqualTo(8);
        }
    }

    @Test
    void isTextAsPrometheusWantsIt() throws Exception {
        var answer = server.get("/metrics");
        assertThat(answer.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        var types = new HashMap<String, String>();
        var described = new HashSet<String>();
        var samples = new ArrayList<String>();
        for (String line : answer.body().split("\n")) {
            var words = line.split(" ", 4);
            if (line.startsWith("# TYPE ")) {
                assertThat(types.put(words[2], words[3])).as(line).isNull();
            } else if (line.startsWith("# HELP ")) {
                assertThat(described.add(words[2])).as(line).isTrue();
            } else {
                assertThat(line).matches(SAMPLE);
                samples.add(line.substring(0, line.lastIndexOf(' ')));
            }
        }
        assertThat(samples).doesNotHaveDuplicates();
        assertThat(described).isEqualTo(types.keySet());
        types.forEach((name, type) ->
                assertThat(name.endsWith("_total")).as(name + " is a " + type).isEqualTo(type.equals("counter")));
        assertThat(types)
                .containsEntry("augur_model_refused_total", "counter")
                .containsEntry("augur_model_batches_total", "counter");
    }

    @Test
    void timesResolveOneTenthOfAMillisecond() throws Exception {
        assertThat(server.post("/v2/models/iris/infer", IRIS).statusCode()).isEqualTo(200);
        var scrape = server.get("/metrics").body();
        String route =
                "augur_http_request_duration_seconds_bucket{outcome=\"success\",route=\"/v2/models/:model/infer\",le=";
        assertThat(scrape).contains(route + "\"1.0E-4\"}", route + "\"10.0\"}", route + "\"+Inf\"}");
        assertThat(server.meter("augur_stage_duration_seconds_count{outcome=\"success\",stage=\"predict\"}"))
                .isPositive();
        assertThat(server.meter("augur_model_batch_rows_count{model=\"iris\",version=\"1\"}"))
                .isEqualTo(
                        server.meter("augur_model_batches_total{closed=\"queue_empty\",model=\"iris\",version=\"1\"}"));
    }

    @Test
    void openMetricsHasTheTracesOfRequests() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        server.postBytes(
                "/v2/models/digits/infer", new byte[0], Map.of("traceparent", "00-" + trace + "-b7ad6b7169203331-01"));
        server.postBytes(
                "/v2/models/iris/infer",
                IRIS.getBytes(StandardCharsets.UTF_8),
                Map.of("traceparent", "00-" + trace + "-b7ad6b7169203331-01"));
        var answer =
                server.get("/metrics", Map.of("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));
        assertThat(answer.headers().firstValue("content-type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(answer.body())
                .endsWith("# EOF\n")
                .contains("# {span_id=\"b7ad6b7169203331\",trace_id=\"" + trace + "\"}");
        assertThat(answer.body().lines().filter(line -> line.contains(" # {")))
                .as("Prometheus 2.42 takes no others")
                .allMatch(line -> line.matches("\\w+(_bucket|_total)\\{.*"));
        assertThat(server.get("/metrics").body()).doesNotContain(trace);
    }

    @Test
    void isAnsweredWhileRequestsAreRefused() throws Exception {
        double before = server.meter("augur_errors_total{code=\"overloaded\"}");
        for (int round = 0; round < 20 && server.meter("augur_errors_total{code=\"overloaded\"}") == before; round++) {
            var requests = IntStream.range(0, 500)
                    .mapToObj(request -> server.postAsync("/v2/models/iris/infer", IRIS))
                    .toList();
            assertThat(server.get("/metrics").statusCode()).isEqualTo(200);
            for (var request : requests) {
                assertThat(request.get(30, TimeUnit.SECONDS).statusCode()).isIn(200, 429);
            }
        }
        assertThat(server.meter("augur_errors_total{code=\"overloaded\"}")).isGreaterThan(before);
    }

    @Test
    void whatIsSentMakesNoNewNames() throws Exception {
        server.get("/metrics");
        long before = server.get("/metrics").body().lines().count();
        for (int number = 0; number < 3_334; number++) {
            server.get("/none/" + number);
            server.get("/v2/models/none" + number, Map.of("X-Request-Id", "id-" + number));
            server.post("/predict/none" + number, "{}");
        }
        assertThat(server.get("/metrics").body().lines().count()).isEqualTo(before);
    }

    @Test
    void tritonsNamesAreThereWhereTheyAreAskedFor() throws Exception {
        assertThat(server.get("/metrics").body()).doesNotContain("nv_inference");
        try (var other = TestServer.start("metrics.triton-names=true")) {
            assertThat(other.post("/v2/models/iris/infer", IRIS.replace("1,2,3,4", "1,2,3"))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(other.post("/v2/models/iris/infer", IRIS).statusCode()).isEqualTo(200);
            assertThat(other.meter("nv_inference_request_success{model=\"iris\",version=\"1\"}"))
                    .isEqualTo(1);
            assertThat(other.get("/metrics").body())
                    .contains("nv_inference_request_failure{model=\"iris\",reason=\"BACKEND\",version=\"1\"} 0.0");
            assertThat(other.meter("nv_inference_count{model=\"iris\",version=\"1\"}"))
                    .isEqualTo(1);
            assertThat(other.meter("nv_inference_request_duration_us{model=\"iris\",version=\"1\"}"))
                    .isPositive();
        }
    }

    @Test
    void theProcessAndItsEventLoopsAreWatched() throws Exception {
        assertThat(server.meter("process_resident_memory_bytes")).isGreaterThan(10_000_000);
        assertThat(server.meter("process_cpu_seconds_total")).isPositive();
        assertThat(server.get("/metrics").body())
                .contains(
                        "augur_build_info{",
                        "jvm_gc_collection_seconds_count{",
                        "jvm_info{",
                        "process_files_open_files ");
        TestServer.eventually(() -> server.meter("augur_event_loop_lag_seconds_count") > 3);
    }

    @Test
    void refusalsAreCountedByReason() throws Exception {
        double before = server.meter("augur_errors_total{code=\"invalid_argument\"}");
        server.post("/v2/models/iris/infer", "{");
        assertThat(server.meter("augur_errors_total{code=\"invalid_argument\"}"))
                .isEqualTo(before + 1);
    }

    @Test
    void aModelThatIsLoadedAgainCountsFromZero() throws Exception {
        assertThat(server.post("/v2/models/iris/infer", IRIS).statusCode()).isEqualTo(200);
        String batches = "augur_model_batches_total{closed=\"queue_empty\",model=\"iris\",version=\"1\"}";
        assertThat(server.meter(batches)).isPositive();
        assertThat(server.post("/v2/repository/models/iris/load", "").statusCode())
                .isEqualTo(200);
        assertThat(server.meter(batches)).isZero();
        assertThat(server.post("/v2/repository/models/iris/unload", "").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/metrics").body()).doesNotContain("model=\"iris\",version");
        assertThat(server.post("/v2/repository/models/iris/load", "").statusCode())
                .isEqualTo(200);
    }

    @Test
    void manyPipelinedScrapesHoldNobodyUp() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n".repeat(200));
            for (int probe = 0; probe < 20; probe++) {
                assertThat(server.get("/health/live").statusCode())
                        .isEqualTo(200); // closing looks whether a loop was held
            }
            assertThat(client.answer()).startsWith("HTTP/1.1 200");
        }
    }

    private static Map<Integer, Integer> scrapes(int number) {
        var statuses = new HashMap<Integer, Integer>();
        for (int scrape = 0; scrape < number; scrape++) {
            statuses.merge(get("/metrics").statusCode(), 1, Integer::sum);
        }
        return statuses;
    }

    private static HttpResponse<String> get(String path) {
        try {
            return server.get(path);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Double> counts(String scrape) {
        var counts = new HashMap<String, Double>();
        scrape.lines()
                .filter(line -> line.matches("augur_\\w+(_count|_total)(\\{.*)? .*"))
                .forEach(line -> counts.put(
                        line.substring(0, line.lastIndexOf(' ')),
                        Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
        return counts;
    }
}
