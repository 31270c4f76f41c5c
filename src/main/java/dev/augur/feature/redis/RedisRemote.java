package dev.augur.feature.redis;

import dev.augur.error.ServingException;
import dev.augur.feature.remote.Remote;
import dev.augur.feature.remote.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;

/** Pooled clients of Redis. Thread-safe. */
final class RedisRemote implements Remote<Redis> {
    private static final int HANDSHAKE = 8;

    private final Vertx vertx;
    private final RedisStoreConfig config;

    RedisRemote(Vertx vertx, RedisStoreConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    @Override
    public String store() {
        return config.name();
    }

    @Override
    public Redis open() {
        var connect = config.connect();
        var limits = config.limits();
        var options = new RedisOptions()
                .setConnectionString((connect.tls() ? "rediss://" : "redis://") + inUrl(connect.host()) + ":"
                        + connect.port() + database(connect.database()))
                .setMaxPoolSize(limits.connections())
                .setMaxPoolWaiting(limits.waiting())
                .setMaxWaitingHandlers(Math.max(limits.maxKeys(), HANDSHAKE))
                .setNetClientOptions(netOptions());
        if (connect.password() != null) {
            options.setPassword(connect.password().value());
        }
        if (connect.user() != null) {
            options.setUser(connect.user());
        }
        return Redis.createClient(vertx, options);
    }

    @Override
    public Future<Void> close(Redis client) {
        return client.close();
    }

    @Override
    public ServingException explain(Throwable failure) {
        return Unavailable.of(config.name(), reason(failure));
    }

    /** An address of IPv6 stands in brackets there. */
    private static String inUrl(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** The client would select 0, too, for which a user with the right to read alone has none. */
    private static String database(int number) {
        return number == 0 ? "" : "/" + number;
    }

    private NetClientOptions netOptions() {
        var connect = config.connect();
        var options = new NetClientOptions()
                .setConnectTimeout((int)
                        Math.min(Integer.MAX_VALUE, config.limits().patience().toMillis()))
                .setSsl(connect.tls())
                .setHostnameVerificationAlgorithm(connect.tls() ? "HTTPS" : "");
        return connect.caFile() == null
                ? options
                : options.setTrustOptions(
                        new PemTrustOptions().addCertPath(connect.caFile().toString()));
    }

    private static String reason(Throwable failure) {
        if (failure instanceof ConnectionPoolTooBusyException) {
            return "too many fetches wait for a connection";
        }
        var refusal = RedisRefusal.of(failure);
        return refusal == null ? "cannot connect, or the connection was lost" : refusal;
    }
}
