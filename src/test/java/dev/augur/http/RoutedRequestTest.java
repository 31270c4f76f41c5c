package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.Server;
import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.ConfigLoader;
import dev.augur.config.ServerConfig;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What goes with a request to the node that predicts: who asks, how long that waits, and that it has left. */
@ExtendWith(VertxExtension.class)
class RoutedRequestTest {
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    @TempDir
    Path folder;

    private final Queue<HttpServerRequest> fetches = new ConcurrentLinkedQueue<>(); // which the store has not answered
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, String> common = new HashMap<>();
    private Vertx workerVertx;
    private Vertx frontVertx;
    private Server worker;
    private Server front;
    private String key;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        var store = await(vertx.createHttpServer().requestHandler(fetches::add).listen(0, "127.0.0.1"));
        var keys = new KeyFile(folder.resolve("keys.yaml"));
        key = keys.create(new Principal("shop", Grants.known(List.of("predict", "read"))), null);
        common.putAll(Map.of(
                "http.port", "0",
                "http.instances", "1",
                "shutdown.pause", "0",
                "cluster.enabled", "true",
                "cluster.name", "augur-routed",
                "cluster.port", String.valueOf(ChildProcess.freePort()),
                "cluster.port-count", "2"));
        var working = config(Map.of(
                "roles", "predict,log",
                "http.max-inference-body", "1MiB",
                "data.directory", folder.resolve("worker").toString(),
                "feature-stores.slow.kind", "http",
                "feature-stores.slow.url", "http://127.0.0.1:" + store.actualPort() + "/{id}",
                "feature-stores.slow.fetch-timeout", "60s",
                "feature-stores.slow.lookup.timeout", "59s",
                "pipelines.wine.store", "slow",
                "pipelines.wine.timeout", "60s"));
        var asking = config(Map.of(
                "roles",
                "http",
                "data.directory",
                folder.resolve("front").toString(),
                "access.keys",
                keys.path().toString(),
                "cluster.routing.connections",
                "1"));
        workerVertx = await(ClusteredVertx.join(new VertxOptions(), working.cluster()));
        worker = await(Server.start(workerVertx, working));
        frontVertx = await(ClusteredVertx.join(new VertxOptions(), asking.cluster()));
        front = await(Server.start(frontVertx, asking));
        eventually(() -> infer().statusCode() == 200);
    }

    private ServerConfig config(Map<String, String> more) {
        var flags = new HashMap<>(common);
        flags.putAll(more);
        return ConfigLoader.load(Map.of(), flags);
    }

    @AfterEach
    void stop() throws Exception {
        await(front.stop());
        await(worker.stop());
        await(frontVertx.close());
        await(workerVertx.close());
    }

    private HttpRequest.Builder to(String path, String body) {
        return HttpRequest.newBuilder(URI.create(front.url().orElseThrow() + path))
                .header("Content-Type", "application/json")
                .header("X-API-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> infer() throws Exception {
        return client.send(to("/v2/models/iris/infer", ROW).build(), HttpResponse.BodyHandlers.ofString());
    }

    private List<JsonObject> records(String id) throws Exception {
        return TestServer.records(folder.resolve("worker/predictions")).stream()
                .filter(record -> id.equals(record.getString("client_request_id")))
                .toList();
    }

    @Test
    void whoAsksHowLongAndThatItHasLeftGoWithIt() throws Exception {
        var late = client.send(
                to("/predict/wine", "{\"item_id\":43}")
                        .header("X-Request-Timeout", "300ms")
                        .header("X-Request-Id", "late")
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(late.statusCode()).isEqualTo(504);
        eventually(() -> records("late").size() == 1);
        assertThat(records("late").get(0).getString("status")).isEqualTo("TIMEOUT");
        assertThat(records("late").get(0).getString("principal")).isEqualTo("shop");

        fetches.clear();
        try (var leaves = askWine("left", /* item= */ 44)) {
            eventually(() -> fetches.size() == 1);
            assertThat(leaves.isClosed()).isFalse();
        }
        eventually(() -> sample("augur_routed_in_flight") == 0);
        assertThat(infer().statusCode()).isEqualTo(200); // comes to the same event loop, behind the news
        fetches.remove().response().setStatusCode(404).end();
        eventually(() -> records("left").size() == 1); // within less than the pipeline's minute
        assertThat(records("left").get(0).getString("status")).isEqualTo("CANCELLED");
        assertThat(records("left").get(0).getString("principal")).isEqualTo("shop");
    }

    @Test
    void itsTimeBeginsWhenItIsHereWholeAsOnTheNodeThatPredicts() throws Exception {
        try (var upload = new RawClient(URI.create(front.url().orElseThrow()).getPort())) {
            long begun = System.nanoTime();
            upload.send("POST /v2/models/iris/infer HTTP/1.1\r\nHost: a\r\nX-API-Key: " + key
                    + "\r\nX-Request-Timeout: 1s\r\nContent-Type: application/json\r\nContent-Length: " + ROW.length()
                    + "\r\n\r\n" + ROW.substring(0, 10));
            eventually(() -> System.nanoTime() - begun > 1_100_000_000L);
            assertThat(upload.send(ROW.substring(10)).answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void oneThatWaitsForAConnectionIsSentWhenOneIsFree() throws Exception {
        var has = askWine("has", /* item= */ 45);
        eventually(() -> fetches.size() == 1);
        var leaves = askWine("leaves-before", /* item= */ 46);
        var waits = client.sendAsync(to("/v2/models/iris/infer", ROW).build(), HttpResponse.BodyHandlers.ofString());
        eventually(() -> sample("augur_routed_in_flight") == 3);
        leaves.close();
        eventually(() -> sample("augur_routed_in_flight") == 2);
        assertThat(waits.isDone()).isFalse();
        has.close();
        assertThat(waits.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(infer().statusCode()).isEqualTo(200);
        fetches.remove().response().setStatusCode(404).end();
        eventually(() -> records("has").size() == 1);
        assertThat(fetches).isEmpty();
        assertThat(records("leaves-before")).isEmpty();
    }

    /** The one connection is free again though the other node answers before it has read the body. */
    @Test
    void aBodyThatTheOtherNodeRefusesIsNotSentToItsEnd() throws Exception {
        String large = ROW.replace("0.2]", "0.2" + " ".repeat(8 << 20) + "]");
        for (int i = 0; i < 3; i++) {
            var answer = client.send(to("/v2/models/iris/infer", large).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
            var next = infer();
            assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
        }
    }

    /** Over HTTP/2 anything can be a path; a line of HTTP/1.1 cannot hold it, nor what the hop adds to full headers. */
    @Test
    void aHeadThatFillsItsLimitsOrHasASpaceHarmsNoOther(Vertx vertx) throws Exception {
        var options =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        var http2 = vertx.createHttpClient(options);
        String infer = "/v2/models/iris/infer";
        assertThat(status(http2, infer + "?a b", "")).isEqualTo(400);
        assertThat(status(http2, infer + "?a\tb", "")).isEqualTo(400);
        assertThat(status(http2, infer + "?" + "a".repeat(17_000), "")).isEqualTo(414);
        assertThat(status(http2, infer + "?" + "a".repeat(16_000), "a".repeat(64_900)))
                .isEqualTo(200);
        var next = infer();
        assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
        assertThat(sample("augur_routed_retries_total")).isZero();
        assertThat(sample("augur_routed_in_flight")).isZero();
    }

    /** Sent over the one connection to the other node. */
    private int status(io.vertx.core.http.HttpClient http2, String target, String type) throws Exception {
        var to = URI.create(front.url().orElseThrow());
        return await(http2.request(HttpMethod.POST, to.getPort(), to.getHost(), target)
                .compose(request -> request.putHeader("X-API-Key", key)
                        .putHeader("Content-Type", "application/json;" + type)
                        .send(Buffer.buffer(ROW)))
                .map(HttpClientResponse::statusCode));
    }

    private int sample(String name) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(front.url().orElseThrow() + "/metrics"));
        return client.send(request.header("X-API-Key", key).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Asks the pipeline whose store never answers. */
    private Socket askWine(String id, int item) throws Exception {
        var socket =
                new Socket("127.0.0.1", URI.create(front.url().orElseThrow()).getPort());
        socket.getOutputStream()
                .write(("POST /predict/wine HTTP/1.1\r\nHost: a\r\nX-API-Key: " + key
                                + "\r\nX-Request-Id: " + id + "\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 14\r\n\r\n{\"item_id\":" + item + "}")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void theStagesOfTheNodeThatPredictsAreTold() throws Exception {
        assertThat(infer().headers().firstValue("Server-Timing").orElseThrow())
                .matches(
                        "queue;dur=[0-9.]+, predict;dur=[0-9.]+, encode;dur=[0-9.]+.*, node;dur=[0-9.]+, total;dur=[0-9.]+");
    }
}
