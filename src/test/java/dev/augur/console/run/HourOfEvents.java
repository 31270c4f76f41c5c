package dev.augur.console.run;

import dev.augur.testkit.TestServer;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * The events of an hour of a busy server, as fast as the page takes them: the first thousand seconds, which fill what
 * the page keeps, and the rest when it is asked for. The number of dropped events counts the seconds. Its handlers run
 * on one event loop.
 */
final class HourOfEvents {
    private static final int SECONDS = 3_600;
    private static final int FIRST = 1_000;
    private static final int TRACES = 40;

    private final long start = Instant.now().toEpochMilli() - SECONDS * 1_000L;
    private final Promise<Void> rest = Promise.promise(); // the test calls, from its own thread
    private final Vertx vertx;
    private final HttpServer server;

    private HourOfEvents(Vertx vertx) {
        this.vertx = vertx;
        server = vertx.createHttpServer().requestHandler(this::answer);
    }

    static HourOfEvents start(Vertx vertx) throws Exception {
        var hour = new HourOfEvents(vertx);
        TestServer.await(hour.server.listen(0, "127.0.0.1"));
        return hour;
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/";
    }

    void playTheRest() {
        rest.complete();
    }

    private void answer(HttpServerRequest request) {
        var response = request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
        var hello =
                new JsonObject().put("node", "n").put("version", "1").put("started_at", Instant.ofEpochMilli(start));
        response.write(event("hello", hello.put("now_ms", start)));
        play(response, 0);
    }

    private void play(HttpServerResponse response, int second) {
        if (second == FIRST && !rest.future().isComplete()) {
            rest.future().onSuccess(unused -> play(response, second));
        } else if (second < SECONDS) {
            response.write(event("traces", traces(second)) + event("metrics", metrics(second + 1)))
                    .onSuccess(unused -> vertx.runOnContext(next -> play(response, second + 1)));
        }
    }

    private static String event(String name, JsonObject content) {
        return "event: " + name + "\ndata: " + content.encode() + "\n\n";
    }

    private JsonObject traces(int second) {
        var traces = new JsonArray();
        for (int i = 0; i < TRACES; i++) {
            traces.add(new JsonObject()
                    .put("request_id", "r-" + second + "-" + i)
                    .put("record_id", "00000000-0000-0000-0000-" + second + i)
                    .put("route", "/predict/wine")
                    .put("model", "wine")
                    .put("version", "2")
                    .put("item", "item-" + second + "-" + i)
                    .put("status", 200)
                    .put("received_ms", start + second * 1_000L + i * 20)
                    .put("total_ms", 15.5)
                    .put("batch_rows", 3)
                    .put("stages", new JsonArray().add(stage("fetch", 0, 5)).add(stage("predict", 5, 15))));
        }
        return new JsonObject().put("traces", traces);
    }

    private static JsonObject stage(String name, double from, double to) {
        return new JsonObject()
                .put("stage", name)
                .put("from_ms", from)
                .put("to_ms", to)
                .put("thread", "augur-model-wine-1");
    }

    private JsonObject metrics(int second) {
        long requests = (long) second * TRACES;
        var closed = new JsonObject().put("full", requests / 4).put("queue_empty", requests / 8);
        var model = new JsonObject().put("model", "wine").put("version", "2").put("state", "READY");
        model.put("waiting", second % 7).put("running", 2).put("workers", 2).put("requests", requests);
        model.put("batches", requests / 3).put("rows", requests).put("closed", closed);
        var counts =
                new JsonObject().put("route", "/predict/:pipeline").put("count", new JsonObject().put("200", requests));
        var total = new JsonObject()
                .put("stage", "total")
                .put("count", TRACES)
                .put("p50_ms", 9)
                .put("p90_ms", 14);
        return new JsonObject()
                .put("now_ms", start + second * 1_000L)
                .put("routes", new JsonArray().add(counts))
                .put(
                        "stages",
                        new JsonArray().add(total.put("p99_ms", 20 + second % 5).put("max_ms", 30)))
                .put("models", new JsonArray().add(model))
                .put("pools", new JsonArray())
                .put("event_loops", new JsonObject().put("lag_ms", 0.1).put("lag_max_ms", second % 3))
                .put("memory", new JsonObject().put("heap_used_bytes", 1e8).put("resident_bytes", 3e8))
                .put(
                        "log",
                        new JsonObject().put("pending", 0).put("lag_records", 0).put("lag_seconds", 0))
                .put("dropped", second);
    }
}
