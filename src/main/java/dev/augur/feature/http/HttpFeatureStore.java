package dev.augur.feature.http;

import dev.augur.error.ServingException;
import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.Unusable;
import dev.augur.feature.remote.KeyText;
import dev.augur.feature.remote.Outage;
import dev.augur.feature.remote.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Features in the JSON that an HTTP server answers, one {@code GET} for each entity. 200 has features, 404 and 410 say
 * that the entity is unknown, 414 and 422 that its key can be none, 400 that it cannot be told; all else is a failure.
 * Redirects are followed on the same server. A key that is empty, {@code .} or {@code ..} would name another resource
 * and can be none. Thread-safe.
 */
public final class HttpFeatureStore implements FeatureStore {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final Set<Integer> UNKNOWN = Set.of(404, 410);
    private static final Set<Integer> NO_KEY = Set.of(414, 422);
    private static final int MOST_REDIRECTS = 5;

    private final Vertx vertx;
    private final HttpStoreConfig config;
    private final HttpClient client;
    private final JsonFeatures features;
    private final Outage outage;

    public HttpFeatureStore(Vertx vertx, HttpStoreConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.client = vertx.createHttpClient(clientOptions(config), poolOptions(config));
        this.features = new JsonFeatures(config.pointers());
        this.outage = new Outage(config.name());
    }

    @Override
    public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
        Instant askedAt = Instant.now();
        Object entityKey = entityKeys.iterator().next();
        String text = KeyText.of(entityKey, config.limits().maxKeyBytes());
        String target = text == null ? null : config.url().target(text);
        if (target == null) {
            var why = text == null ? KeyText.unfit(config.limits().maxKeyBytes()) : "keys are parts of a path";
            return Future.succeededFuture(unusable(entityKey, Unusable.key(why), askedAt));
        }
        return ask(config.url().server().resolve(target), new HttpFetch(vertx, config), MOST_REDIRECTS)
                .map(answer -> vectors(entityKey, answer, askedAt))
                .recover(failure -> failure instanceof UnusableAnswer answer
                        ? Future.succeededFuture(unusable(entityKey, answer.fault(), askedAt))
                        : Future.failedFuture(failure))
                .onSuccess(answered -> outage.answered())
                .onFailure(outage::failed)
                .recover(failure -> Future.failedFuture(explain(failure)));
    }

    private Future<HttpFetch.WholeResponse> ask(URI url, HttpFetch fetch, int redirects) {
        // Within a chain, because a client that is closed throws.
        return Future.<Void>succeededFuture()
                .compose(ignored -> client.request(requestOptions(url)))
                .compose(fetch::run)
                .compose(answer -> {
                    boolean elsewhere = Redirect.is(answer.status()) && redirects > 0;
                    URI next = elsewhere ? Redirect.next(url, answer.header("Location")) : null;
                    return next == null ? Future.succeededFuture(answer) : ask(next, fetch, redirects - 1);
                });
    }

    @Override
    public int maxKeys() {
        return 1;
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }

    private RequestOptions requestOptions(URI url) {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(url.getHost())
                .setPort(Redirect.port(url))
                .setSsl("https".equalsIgnoreCase(url.getScheme()))
                .setURI(url.getRawPath() + query)
                .setFollowRedirects(false)
                .setConnectTimeout(config.limits().patience().toMillis())
                .putHeader("Accept", "application/json")
                .putHeader("Accept-Encoding", "gzip");
        config.headers().forEach((name, value) -> options.putHeader(name, value.value()));
        return options;
    }

    private Map<Object, FeatureVector> vectors(Object entityKey, HttpFetch.WholeResponse answer, Instant askedAt) {
        int status = answer.status();
        if (UNKNOWN.contains(status)) {
            return Map.of();
        }
        if (NO_KEY.contains(status)) {
            return unusable(entityKey, Unusable.key("the server refuses it with status " + status), askedAt);
        }
        if (status == BAD_REQUEST) {
            return unusable(entityKey, Unusable.entity("is refused by the server with status 400"), askedAt);
        }
        if (status != OK) {
            String what = Redirect.is(status) ? ": it leads to another server, or on and on" : "";
            throw Unavailable.of(config.name(), "the server answered with status " + status + what);
        }
        try {
            int maxBytes = config.responses().maxBytes();
            var values = features.read(AnswerBody.of(answer.body(), answer.header("Content-Encoding"), maxBytes));
            return Map.of(entityKey, new FeatureVector(entityKey, values, askedAt));
        } catch (UnusableAnswer e) {
            return unusable(entityKey, e.fault(), askedAt);
        }
    }

    private static Map<Object, FeatureVector> unusable(Object entityKey, Unusable fault, Instant askedAt) {
        return Map.of(entityKey, FeatureVector.unusable(entityKey, fault, askedAt));
    }

    private ServingException explain(Throwable failure) {
        if (failure instanceof ServingException known) {
            return known;
        }
        if (failure instanceof ConnectionPoolTooBusyException) {
            return Unavailable.of(config.name(), "too many fetches wait for a connection");
        }
        boolean late = failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException;
        return Unavailable.of(
                config.name(),
                late
                        ? "no answer within " + config.limits().patience().toMillis() + " ms"
                        : "cannot connect, or the connection was lost");
    }

    private static HttpClientOptions clientOptions(HttpStoreConfig config) {
        var options = new HttpClientOptions()
                .setConnectTimeout((int)
                        Math.min(Integer.MAX_VALUE, config.limits().patience().toMillis()))
                .setSsl(config.url().tls());
        return config.responses().caFile() == null
                ? options
                : options.setTrustOptions(new PemTrustOptions()
                        .addCertPath(config.responses().caFile().toString()));
    }

    private static PoolOptions poolOptions(HttpStoreConfig config) {
        return new PoolOptions()
                .setHttp1MaxSize(config.limits().connections())
                .setMaxWaitQueueSize(config.limits().waiting());
    }
}
