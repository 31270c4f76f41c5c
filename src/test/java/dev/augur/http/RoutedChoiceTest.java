package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.Server;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.ConfigLoader;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which of two nodes that have a model is asked, and what a node says of requests that it does not begin with. */
@ExtendWith(VertxExtension.class)
class RoutedChoiceTest {
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
    private static final byte[] SECRET = "a secret of thirty-two bytes, or".getBytes(StandardCharsets.US_ASCII);
    private static final String ENDLESS =
            "{\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[1000000000]}]}";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String WHO = "José 東京|50%";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, String> common = new HashMap<>();
    private final List<Vertx> joined = new ArrayList<>();
    private Server one;
    private Server two;
    private Server front;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        var store =
                await(vertx.createHttpServer().requestHandler(unanswered -> {}).listen(0, "127.0.0.1"));
        common.putAll(Map.of(
                "http.port", "0",
                "http.instances", "1",
                "shutdown.pause", "0",
                "cluster.enabled", "true",
                "cluster.name", "augur-choice",
                "cluster.port", String.valueOf(ChildProcess.freePort()),
                "cluster.port-count", "3"));
        var working = Map.of(
                "roles", "predict,log",
                "models.repository", Rows.repository().toString(),
                "models.by-name.broken_slow.queue", "0",
                "models.by-name.broken_slow.workers", "1",
                "feature-stores.slow.kind", "http",
                "feature-stores.slow.url", "http://127.0.0.1:" + store.actualPort() + "/{id}",
                "feature-stores.slow.fetch-timeout", "60s",
                "feature-stores.slow.lookup.timeout", "59s",
                "pipelines.wine.store", "slow",
                "pipelines.wine.timeout", "60s");
        var secret = Files.write(folder.resolve("secret"), SECRET);
        one = node("one", working);
        two = node("two", working);
        front = node("front", Map.of("roles", "http", "access.jwt.secret-file", secret.toString()));
    }

    private Server node(String name, Map<String, String> more) throws Exception {
        var flags = new HashMap<>(common);
        flags.putAll(more);
        flags.put("data.directory", folder.resolve(name).toString());
        var config = ConfigLoader.load(Map.of(), flags);
        var vertx = await(ClusteredVertx.join(new VertxOptions(), config.cluster()));
        joined.add(vertx);
        return await(Server.start(vertx, config));
    }

    @AfterEach
    void stop() throws Exception {
        try {
            await(front.stop());
            await(one.stop());
        } finally { // or their models stay for the tests that come
            for (var vertx : joined) {
                await(vertx.close());
            }
        }
    }

    @Test
    void requestsGoWhereThereAreFewestAndFromAnyThatDoesNotTakeThem() throws Exception {
        bothAnswerAndRecordWhoAsked();
        theOneWithFewerRequestsIsAsked();
        whatIsTooMuchIsToldAndWhatNobodyWaitsForIsStopped();
        whatIsUnloadedWhileItsBodyComesIsForAnotherNode();
        whatANodeThatStopsHasNotReadIsForAnotherNode();
        noneGoesToTheOneThatHasStopped();
    }

    private void bothAnswerAndRecordWhoAsked() throws Exception {
        var names = new HashSet<String>();
        eventually(() -> {
            var answer = infer();
            answer.headers().firstValue(PeerGate.NODE).ifPresent(names::add);
            return names.size() == 2;
        });
        for (String node : List.of("one", "two")) {
            eventually(() -> !records(node, "row").isEmpty());
            assertThat(records(node, "row").get(0).getString("principal")).isEqualTo(WHO);
            assertThat(records(node, "row").get(0).getString("trace_id")).isEqualTo(TRACE);
        }
    }

    private void theOneWithFewerRequestsIsAsked() throws Exception {
        var waits = client.sendAsync(
                to("/predict/wine", "{\"item_id\":43}", "waits"), HttpResponse.BodyHandlers.discarding());
        try {
            eventually(() -> {
                String idle = whoAnswers();
                for (int i = 0; i < 50; i++) { // by lot they would never all go to one
                    if (!whoAnswers().equals(idle)) {
                        return false; // it is still on its way, or the idle one has told of a request that is over
                    }
                }
                return true;
            });
        } finally {
            waits.cancel(true);
        }
    }

    /** One run has each node's only worker for ever, and none may wait for it. */
    private void whatIsTooMuchIsToldAndWhatNobodyWaitsForIsStopped() throws Exception {
        var leave = new ArrayList<CompletableFuture<HttpResponse<Void>>>();
        eventually(() -> {
            leave.add(endlessly());
            for (int i = 0; i < 10; i++) {
                if (endless("50ms").statusCode() != 429) {
                    return false; // a node is free yet
                }
            }
            return true;
        });
        var refused = endless("5s");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(429);
        assertThat(refused.body()).contains("0 requests wait already");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.headers().firstValue(PeerGate.NODE)).isPresent();
        leave.forEach(running -> running.cancel(true));
        for (int i = 0; i < 4; i++) { // each of which has to end at its deadline before a node takes the next one
            eventually(() -> endless("100ms").statusCode() == 504);
        }
    }

    private CompletableFuture<HttpResponse<Void>> endlessly() throws Exception {
        return client.sendAsync(
                to("/v2/models/broken_slow/infer", ENDLESS, "endless"), HttpResponse.BodyHandlers.discarding());
    }

    private HttpResponse<String> endless(String timeout) throws Exception {
        var asked = HttpRequest.newBuilder(
                        to("/v2/models/broken_slow/infer", ENDLESS, "endless"), (name, value) -> true)
                .header("X-Request-Timeout", timeout)
                .build();
        return client.send(asked, HttpResponse.BodyHandlers.ofString());
    }

    private void whatIsUnloadedWhileItsBodyComesIsForAnotherNode() throws Exception {
        try (var upload = halfABody("unloaded")) {
            changeAll("unload");
            assertUntaken(upload.send(ROW.substring(10)).answer(), "unloaded");
        }
        changeAll("load");
        eventually(() -> infer().statusCode() == 200);
    }

    private void whatANodeThatStopsHasNotReadIsForAnotherNode() throws Exception {
        try (var upload = halfABody("stopped")) {
            var stopped = two.stop();
            assertUntaken(upload.answer(), "stopped");
            while (!stopped.isComplete()) {
                whoAnswers();
            }
            await(stopped);
        }
    }

    private void noneGoesToTheOneThatHasStopped() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(whoAnswers()).isEqualTo(one.node());
        }
    }

    private void changeAll(String change) throws Exception {
        var all = to("/v2/repository/models/iris/" + change, "{\"parameters\":{\"nodes\":\"all\"}}", change);
        var answer = client.send(all, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** What a node that asks the second one has sent so far; the rest is waited for. */
    private RawClient halfABody(String id) throws Exception {
        var places = two.nodes().self().identity().places();
        String port = places.peers().substring(places.peers().lastIndexOf(':') + 1);
        var upload = new RawClient(Integer.parseInt(port));
        upload.send("POST /v2/models/iris/infer HTTP/1.1\r\nHost: two\r\nX-Augur-Key: " + places.key()
                + "\r\nX-Request-Id: " + id + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                + "Content-Length: " + ROW.length() + "\r\n\r\n" + ROW.substring(0, 10));
        assertThat(upload.answer()).startsWith("HTTP/1.1 100");
        return upload;
    }

    private void assertUntaken(String answer, String id) throws Exception {
        assertThat(answer).startsWith("HTTP/1.1 503").containsIgnoringCase("x-augur-untaken: true");
        assertThat(records("two", id)).isEmpty();
    }

    private String whoAnswers() throws Exception {
        var answer = infer();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue(PeerGate.NODE).orElseThrow();
    }

    private HttpResponse<String> infer() throws Exception {
        return client.send(to("/v2/models/iris/infer", ROW, "row"), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest to(String path, String body, String id) {
        var claims = new JsonObject()
                .put("sub", WHO)
                .put("scope", "predict read admin")
                .put("exp", System.currentTimeMillis() / 1_000 + 600);
        return HttpRequest.newBuilder(URI.create(front.url().orElseThrow() + path))
                .header("Content-Type", "application/json")
                .header("X-Request-Id", id)
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                .header("Authorization", "Bearer " + Tokens.hs256(SECRET, claims))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private List<JsonObject> records(String node, String id) throws Exception {
        return TestServer.records(folder.resolve(node).resolve("predictions")).stream()
                .filter(record -> id.equals(record.getString("client_request_id")))
                .toList();
    }
}
