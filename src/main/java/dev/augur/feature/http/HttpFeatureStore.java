package dev.augur.feature.http;

import dev.augur.error.ServingException;
import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
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
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Features in the JSON that an HTTP server answers, one {@code GET} for each entity. 200 has features, 404 says that the entity is
 * unknown, all else is a failure; redirects are not followed. A key that is empty, {@code .} or {@code ..} is of an unknown entity: it
 * would name another resource. Thread-safe.
 */
public final class HttpFeatureStore implements FeatureStore {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final Vertx vertx;
    private final HttpStoreConfig config;
    private final HttpClient client;
    private final JsonFeatures features;
    private final Outage outage;

    public HttpFeatureStore(Vertx vertx, HttpStoreConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.client = vertx.createHttpClient(clientOptions(config), poolOptions(config));
        this.features = new JsonFeatures(config.name(), config.pointers());
        this.outage = new Outage(config.name());
    }

    @Override
    public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
        Instant askedAt = Instant.now();
        Object entityKey = entityKeys.iterator().next();
        String text = KeyText.of(entityKey, config.limits().maxKeyBytes());
        String target = text == null ? null : config.url().target(text);
        if (target == null) {
            return Future.succeededFuture(Map.of());
        }
        var exchange = new Exchange(vertx, config);
        // Within a chain, because a client that is closed throws.
        return Future.<Void>succeededFuture()
                .compose(ignored -> client.request(requestOptions(target)))
                .compose(exchange::run)
                .map(answer -> vectors(entityKey, answer, askedAt))
                .onSuccess(answered -> outage.answered())
                .onFailure(outage::failed)
                .recover(failure -> Future.failedFuture(explain(failure)));
    }

    @Override
    public int maxKeys() {
        return 1;
    }

    @Override
    public Future<Void> close() {
        return client.close();
    }

    private RequestOptions requestOptions(String target) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(config.url().host())
                .setPort(config.url().port())
                .setSsl(config.url().tls())
                .setURI(target)
                .setFollowRedirects(false)
                .setConnectTimeout(config.limits().patience().toMillis())
                .putHeader("Accept", "application/json");
        config.headers().forEach((name, value) -> options.putHeader(name, value.value()));
        return options;
    }

    private Map<Object, FeatureVector> vectors(Object entityKey, Exchange.Answer answer, Instant askedAt) {
        if (answer.status() == NOT_FOUND) {
            return Map.of();
        }
        if (answer.status() != OK) {
            throw Unavailable.of(config.name(), "the server answered with status " + answer.status());
        }
        var values = features.read(answer.body().getBytes());
        return Map.of(entityKey, new FeatureVector(entityKey, values, askedAt));
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
        return config.answer().caFile() == null
                ? options
                : options.setTrustOptions(new PemTrustOptions()
                        .addCertPath(config.answer().caFile().toString()));
    }

    private static PoolOptions poolOptions(HttpStoreConfig config) {
        return new PoolOptions()
                .setHttp1MaxSize(config.limits().connections())
                .setMaxWaitQueueSize(config.limits().waiting());
    }
}
