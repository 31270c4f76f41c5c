package dev.augur.client;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A subscription over HTTP goes on through what happens to servers and networks, and ends where that is of no use. */
@ExtendWith(VertxExtension.class)
class HttpSubscriptionTest {
    private static final String TURNS = "augur_bus_requests_total{address=\"augur.predictions.after\",status=\"200\"}";
    private static final String ITEM = "{\"item_id\":43}";

    @TempDir
    Path folder;

    /** What a handler was given. */
    private static final class Taken {
        private final List<JsonObject> records = new CopyOnWriteArrayList<>();

        Future<?> take(JsonObject record) {
            records.add(record);
            return Future.succeededFuture();
        }

        List<Long> seqs() {
            return records.stream().map(record -> record.getLong("seq")).toList();
        }

        int size() {
            return records.size();
        }
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static void predict(TestServer server, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(server.post("/predict/wine", ITEM).statusCode()).isEqualTo(200);
        }
    }

    private static AugurClient client(Vertx vertx, TestServer server) {
        return AugurClient.overHttp(vertx, Endpoint.of(server.server().url().orElseThrow()));
    }

    private static int status(Subscription subscription) throws Exception {
        eventually(() -> subscription.ended().isComplete());
        return ((AugurException) subscription.ended().cause()).status();
    }

    @Test
    void aServerThatComesBackIsFollowedOn(Vertx vertx) throws Exception {
        int port = ChildProcess.freePort();
        var settings = new String[] {"http.port=" + port, "data.directory=" + folder.resolve("data")};
        var taken = new Taken();
        Subscription subscription;
        try (var server = TestServer.start(settings)) {
            subscription = client(vertx, server).subscribe(LogPosition.beginning(), taken::take);
            predict(server, 20);
            eventually(() -> taken.size() == 20);
        } // and it waits for the next one
        try (var server = TestServer.start(settings)) {
            predict(server, 20);
            eventually(() -> taken.size() == 40);
            predict(server, 1);
            eventually(() -> taken.size() == 41);
        }
        assertThat(taken.seqs()).isEqualTo(upTo(41));
        subscription.close();
        await(subscription.ended());
    }

    @Test
    void whatRetentionHasTakenIsAHole(Vertx vertx) throws Exception {
        try (var server =
                TestServer.start("prediction-log.segment-size=64KiB", "prediction-log.retention-size=128KiB")) {
            predict(server, 150);
            Path writer = server.server().logFolder().orElseThrow();
            eventually(() -> !Files.exists(writer.resolve("00000000000000000001.ndjson")));
            var taken = new Taken();
            var subscription = client(vertx, server).subscribe(LogPosition.beginning(), taken::take);
            predict(server, 1);
            long last = server.records().get(server.records().size() - 1).getLong("seq");
            eventually(() -> taken.seqs().contains(last));
            assertThat(taken.seqs().get(0)).isGreaterThan(1);
            assertThat(taken.seqs()).isSorted().doesNotHaveDuplicates();
            subscription.close();
        }
    }

    @Test
    void whoMayNotIsToldAndNotAskedAgain(Vertx vertx) throws Exception {
        var keys = new KeyFile(folder.resolve("keys.yaml"));
        String shop = keys.create(new Principal("shop", Grants.known(List.of("predict"))), null);
        String reader = keys.create(new Principal("reader", Grants.known(List.of("read"))), null);
        try (var server = TestServer.start("access.keys=" + keys.path())) {
            var endpoint = Endpoint.of(server.server().url().orElseThrow());
            var taken = new Taken();
            var unknown = AugurClient.overHttp(vertx, endpoint);
            assertThat(status(unknown.subscribe(LogPosition.beginning(), taken::take)))
                    .isEqualTo(401);
            var forbidden = AugurClient.overHttp(vertx, endpoint.withKey(shop));
            assertThat(status(forbidden.subscribe(LogPosition.beginning(), taken::take)))
                    .isEqualTo(403);
            var allowed = AugurClient.overHttp(vertx, endpoint.withKey(reader));
            assertThat(status(allowed.subscribe(new LogPosition("writer-none", 0), taken::take)))
                    .isEqualTo(404);
            assertThat(status(allowed.subscribe(new LogPosition("../etc", 0), taken::take)))
                    .isEqualTo(400);
            var followed = allowed.subscribe(LogPosition.beginning(), taken::take);
            var bus = AugurClient.overEventBus(server.vertx());
            await(bus.predict("wine", new JsonObject(ITEM)));
            eventually(() -> taken.size() == 1);
            for (var key : keys.list()) {
                assertThat(keys.remove(key.id())).isTrue();
            }
            eventually(
                    () -> { // a question that waits was allowed when it was asked
                        await(bus.predict("wine", new JsonObject(ITEM)));
                        return followed.ended().isComplete();
                    });
            assertThat(status(followed)).isEqualTo(401);
        }
    }

    @Test
    void anyHttpClientReadsPieceAfterPiece() throws Exception {
        try (var server = TestServer.start()) {
            predict(server, 5);
            eventually(() -> server.records().size() == 5);
            var first = new JsonObject(server.get("/predictions/after?limit=3").body());
            assertThat(first.getJsonArray("records")).hasSize(3);
            assertThat(first.getLong("seq")).isEqualTo(3);
            String further = "/predictions/after?writer=" + first.getString("writer") + "&seq=3&place="
                    + first.getString("place");
            var rest = server.get(further);
            assertThat(rest.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(new JsonObject(rest.body()).getJsonArray("records")).hasSize(2);
            String line = Files.readAllLines(
                            server.server().logFolder().orElseThrow().resolve("00000000000000000001.ndjson"))
                    .get(4);
            assertThat(rest.body()).endsWith(line + "]}"); // as it stands in the ledger

            var waiting = server.getAsync("/predictions/after?seq=5&wait=20s");
            predict(server, 1);
            var next = new JsonObject(waiting.get(10, TimeUnit.SECONDS).body());
            assertThat(next.getJsonArray("records").getJsonObject(0).getLong("seq"))
                    .isEqualTo(6);
            var nothing = new JsonObject(
                    server.get("/predictions/after?seq=6&wait=50ms").body());
            assertThat(nothing.getJsonArray("records")).isEmpty();
            assertThat(nothing.getLong("seq")).isEqualTo(6);
            refusals(server);
        }
    }

    private static void refusals(TestServer server) throws Exception {
        for (String faulty : List.of(
                "seq=x",
                "seq=-1",
                "seq=",
                "seq=1.0",
                "seq=1&seq=2",
                "limit=0",
                "limit=1001",
                "wait=31s",
                "wait=5",
                "place=x",
                "writer=",
                "writer=..%2Fx",
                "since=5")) {
            var answer = server.get("/predictions/after?" + faulty);
            assertThat(answer.statusCode()).as(faulty).isEqualTo(400);
            assertThat(answer.body()).as(faulty).contains(faulty.substring(0, faulty.indexOf('=')));
        }
        assertThat(server.get("/predictions/after?writer=writer-00000000").statusCode())
                .isEqualTo(404);
    }

    @Test
    void whatStandsInBetweenMakesNeitherGapsNorEnds(Vertx vertx) throws Exception {
        try (var server = TestServer.start()) {
            predict(server, 3);
            eventually(() -> server.records().size() == 3);
            String old = server.get("/predictions/after?seq=0&limit=2").body();
            String others = old.replace(server.records().get(0).getString("writer_id"), "writer-of-another");
            List<Consumer<HttpServerRequest>> faults = List.of(
                    request -> answer(request, 502, "<html>Bad Gateway</html>"),
                    request -> answer(request, 429, ""),
                    request -> answer(request, 200, old),
                    request -> answer(request, 200, "<html>Please log in</html>"),
                    request -> answer(request, 200, "{}"),
                    request -> answer(request, 200, old), // from a cache
                    request -> answer(request, 200, "{\"writer\":7,\"records\":7}"),
                    request -> answer(request, 200, others),
                    request -> answer(request, 200, old),
                    request -> answer(request, 404, "default backend - 404"), // while a node is replaced
                    request -> request.connection().close());
            var left = new ConcurrentLinkedQueue<>(faults);
            var there = vertx.createHttpClient();
            var front = await(vertx.createHttpServer()
                    .requestHandler(request -> {
                        var fault = left.poll();
                        if (fault != null) {
                            fault.accept(request);
                        } else {
                            there.request(HttpMethod.GET, server.port(), "127.0.0.1", request.uri())
                                    .compose(HttpClientRequest::send)
                                    .compose(HttpClientResponse::body)
                                    .onSuccess(body -> request.response().end(body));
                        }
                    })
                    .listen(0, "127.0.0.1"));
            var client = AugurClient.overHttp(vertx, Endpoint.of("http://127.0.0.1:" + front.actualPort()));
            var taken = new Taken();
            var subscription = client.subscribe(LogPosition.beginning(), taken::take);
            within(40, () -> taken.size() == 3);
            predict(server, 2);
            eventually(() -> taken.size() == 5);
            assertThat(taken.seqs()).isEqualTo(upTo(5));
            assertThat(left).isEmpty();
            await(client.close());
            await(subscription.ended());
        }
    }

    private static void answer(HttpServerRequest request, int status, String body) {
        request.response().setStatusCode(status).end(body);
    }

    @Test
    void whoWaitsDoesNotHoldUpAStop() throws Exception {
        var server = TestServer.start();
        predict(server, 1);
        var waiting = server.getAsync("/predictions/after?seq=1&wait=30s");
        eventually(() -> server.meter(TURNS) >= 1); // it waits a second time
        long began = System.nanoTime();
        server.close();
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(10);
        HttpResponse<String> answer = waiting.get(10, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()).getJsonArray("records")).isEmpty();
    }

    @Test
    void whoWaitsIsAnsweredBeforeHisTimeHasPassed() throws Exception {
        try (var server = TestServer.start("http.request-timeout=1s")) {
            var answer = server.get("/predictions/after?wait=30s");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).endsWith("\"records\":[]}");
        }
    }

    @Test
    void thoseWhoLeaveMakeRoom() throws Exception {
        try (var server = TestServer.start()) {
            predict(server, 1);
            var left = new ArrayList<>(LongStream.range(0, 150)
                    .mapToObj(i -> server.getAsync("/predictions/after?seq=9&wait=30s"))
                    .toList());
            eventually(() -> {
                left.add(server.getAsync("/predictions/after?seq=9&wait=30s")); // for the place that a look has taken
                return server.get("/predictions/after").statusCode() == 429;
            });
            left.forEach(one -> one.cancel(true));
            within(15, () -> server.get("/predictions/after").statusCode() == 200); // who waits has twice that
        }
    }
}
