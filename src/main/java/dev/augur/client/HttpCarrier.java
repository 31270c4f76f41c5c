package dev.augur.client;

import dev.augur.request.Headers;
import dev.augur.request.InferencePath;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Requests over HTTP. A caller that leaves, and a deadline, end the request on the server too. Thread-safe.
 */
final class HttpCarrier implements Carrier {
    private static final int CONNECTIONS = 64;
    private static final int WAITING = 1_000;
    private static final int OK = 200;
    private static final int REDIRECTS = 300;

    private final Vertx vertx;
    private final Endpoint endpoint;
    private final HttpClient client;

    HttpCarrier(Vertx vertx, Endpoint endpoint) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        var pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING);
        this.client = vertx.createHttpClient(endpoint.options(), pool);
    }

    @Override
    public Future<Reply> ask(Ask ask, CallOptions options) {
        return send(request(ask, options), ask.body(), options);
    }

    private Future<Reply> send(RequestOptions asked, @Nullable Buffer content, CallOptions options) {
        Promise<HttpClientRequest> sent = Promise.promise(); // there when a connection is, perhaps after the caller
        var answer = client.request(asked).compose(request -> {
            sent.complete(request);
            var answered = content == null ? request.send() : request.send(content);
            return answered.compose(come -> come.body().compose(body -> reply(come, body)));
        });
        return Wait.first(vertx, options, answer)
                .recover(failure -> Future.failedFuture(told(failure)))
                .onFailure(failure -> {
                    if (!answer.isComplete()) {
                        sent.future().onSuccess(HttpClientRequest::reset);
                    }
                });
    }

    @Override
    public Future<JsonObject> after(LogPosition position, String place, Future<?> left) {
        var path = new StringBuilder("/predictions/after?seq=" + position.seq());
        path.append("&wait=").append(WAIT.toMillis()).append("ms");
        if (!position.writer().isEmpty()) {
            path.append("&writer=").append(encoded(position.writer()));
        }
        if (!place.isEmpty()) {
            path.append("&place=").append(encoded(place));
        }
        return send(
                        request(HttpMethod.GET, path.toString()),
                        /* content= */ null,
                        CallOptions.within(WAIT_AT_MOST).until(left))
                .compose(AugurClient::object);
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }

    private RequestOptions request(HttpMethod method, String path) {
        var request = new RequestOptions()
                .setMethod(method)
                .setSsl(endpoint.secure())
                .setHost(endpoint.url().getHost())
                .setPort(endpoint.port())
                .setURI(endpoint.basePath() + path);
        add(request, "Authorization", endpoint.key() == null ? null : "Bearer " + endpoint.key());
        return request;
    }

    private RequestOptions request(Ask ask, CallOptions options) {
        var request = request(HttpMethod.POST, path(ask))
                .putHeader(
                        HttpHeaders.CONTENT_TYPE,
                        ask.jsonLength() == null ? "application/json" : "application/octet-stream")
                .putHeader("X-Request-Timeout", options.timeout().toMillis() + "ms");
        add(request, Headers.REQUEST_ID, options.requestId());
        add(request, "traceparent", options.traceparent());
        if (ask.jsonLength() != null) {
            request.putHeader(InferencePath.JSON_LENGTH, String.valueOf(ask.jsonLength()));
        }
        return request;
    }

    private static void add(RequestOptions request, String name, @Nullable String value) {
        if (value != null) {
            request.putHeader(name, value);
        }
    }

    private static String path(Ask ask) {
        if (ask.kind() == Kind.PIPELINE) {
            return "/predict/" + encoded(ask.name());
        }
        String version = ask.version() == null ? "" : "/versions/" + encoded(ask.version());
        return "/v2/models/" + encoded(ask.name()) + version + "/infer";
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Future<Reply> reply(HttpClientResponse response, Buffer body) {
        int status = response.statusCode();
        if (status >= OK && status < REDIRECTS) {
            return Future.succeededFuture(new Reply(body, response.getHeader(InferencePath.JSON_LENGTH)));
        }
        return Future.failedFuture(
                new AugurException(status, ErrorBody.text(body, response.statusMessage()), retryAfter(response)));
    }

    private static @Nullable Duration retryAfter(HttpClientResponse response) {
        String seconds = response.getHeader(HttpHeaders.RETRY_AFTER);
        try {
            return seconds == null ? null : Duration.ofSeconds(Long.parseLong(seconds.trim()));
        } catch (NumberFormatException aDate) {
            return null;
        }
    }

    private AugurException told(Throwable failure) {
        if (failure instanceof AugurException known) {
            return known;
        }
        if (failure instanceof ConnectionPoolTooBusyException) {
            return new AugurException(
                    AugurException.OVERLOADED,
                    WAITING + " requests of this client wait for a connection to " + endpoint + " already",
                    Duration.ofSeconds(1));
        }
        return new AugurException(
                AugurException.UNAVAILABLE, endpoint + " cannot be asked: " + failure, Duration.ofSeconds(1));
    }
}
