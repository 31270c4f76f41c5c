package dev.augur.http;

import dev.augur.error.Shown;
import dev.augur.request.Headers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of the console, each of its requests on a connection of its own. Confined to one event loop. */
final class ConsoleRun {
    private static final int OK = 200;

    /** To open a connection takes a while; others have their turn in between. */
    private static final int OF_A_TURN = 20;

    private static final int TURN_MILLIS = 1;
    private static final int ERRORS = 3; // that are told
    private static final String NO_ANSWER = "no answer";
    private static final double NANOS_PER_MILLI = 1e6;

    private final Vertx vertx;
    private final RunRequest asked;
    private final HttpClient client;
    private final HostAndPort authority;
    private final @Nullable String authorization;
    private final TreeMap<String, Integer> statuses = new TreeMap<>();
    private final Set<String> errors = new LinkedHashSet<>();

    /** A run against the address that the page itself has reached. */
    ConsoleRun(Vertx vertx, RunRequest asked, HttpServerRequest page) {
        this.vertx = vertx;
        this.asked = asked;
        this.authorization = page.getHeader(HttpHeaders.AUTHORIZATION);
        var node = page.connection().localAddress(/* real= */ true);
        this.authority = HostHeader.of(SocketAddress.inetSocketAddress(node.port(), node.hostAddress()));
        var options = new HttpClientOptions()
                .setDefaultHost(node.hostAddress())
                .setDefaultPort(node.port())
                .setSsl(page.isSSL())
                .setTrustAll(true) // it is this very process
                .setVerifyHost(/* verifyHost= */ false);
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(asked.requests()));
    }

    /** Sends them all; {@code {run, requests, statuses, total_ms, errors}} once the last one is over. */
    Future<JsonObject> start() {
        long start = System.nanoTime();
        return sendOn(new ArrayList<>()).map(over -> outcome(System.nanoTime() - start));
    }

    /** Some of those that are left, and the rest in later turns. */
    private Future<?> sendOn(List<Future<Void>> sent) {
        for (int i = 0; i < OF_A_TURN && sent.size() < asked.requests(); i++) {
            sent.add(send(sent.size()));
        }
        return sent.size() < asked.requests()
                ? vertx.timer(TURN_MILLIS, TimeUnit.MILLISECONDS).compose(turn -> sendOn(sent))
                : Future.join(sent);
    }

    /** Gives up what is not over yet. */
    void end() {
        client.close().onFailure(closed -> {});
    }

    private Future<Void> send(int number) {
        return client.request(HttpMethod.POST, asked.path())
                .compose(request -> filled(request, number)
                        .send(asked.bodies().get(number % asked.bodies().size())))
                .compose(this::count)
                .recover(failure -> {
                    count(NO_ANSWER, String.valueOf(failure.getMessage()));
                    return Future.succeededFuture();
                });
    }

    private HttpClientRequest filled(HttpClientRequest request, int number) {
        request.authority(authority)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(Headers.REQUEST_ID, asked.run() + "-" + number);
        return authorization == null ? request : request.putHeader(HttpHeaders.AUTHORIZATION, authorization);
    }

    /** What a prediction answers is not kept, only what an error says. */
    private Future<Void> count(HttpClientResponse response) {
        if (response.statusCode() == OK) {
            count(String.valueOf(OK), "");
            return response.handler(part -> {}).end();
        }
        return response.body().map(body -> {
            count(String.valueOf(response.statusCode()), body.toString());
            return null;
        });
    }

    private void count(String status, String error) {
        statuses.merge(status, 1, Integer::sum);
        if (!error.isEmpty() && errors.size() < ERRORS) {
            errors.add(Shown.line(status + ": " + error));
        }
    }

    private JsonObject outcome(long nanos) {
        return new JsonObject()
                .put("run", asked.run())
                .put("requests", asked.requests())
                .put("statuses", new JsonObject(new TreeMap<>(statuses)))
                .put("total_ms", nanos / NANOS_PER_MILLI)
                .put("errors", new JsonArray(List.copyOf(errors)));
    }
}
