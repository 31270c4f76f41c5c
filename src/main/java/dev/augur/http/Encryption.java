package dev.augur.http;

import dev.augur.error.Repeated;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The encryption of a server's connections, by files that are followed: new connections have the new certificate, those
 * that are open stay. What cannot be used leaves what was there before. Confined to one event loop.
 */
final class Encryption {
    private static final Logger LOG = LoggerFactory.getLogger(Encryption.class);
    private static final long LOOK_MILLIS = 1_000;

    private final Vertx vertx;
    private final @Nullable TlsFiles files; // none: there is no encryption
    private final WorkerPool workers;
    private final Runnable failed;
    private long faults;

    /**
     * Of one router verticle, in which it is made.
     *
     * @param name of its threads
     * @param failed called when new files cannot be used
     */
    Encryption(Vertx vertx, HttpConfig config, String name, Runnable failed) {
        this.vertx = vertx;
        this.failed = failed;
        this.files = config.security()
                .tls()
                .map(tls -> new TlsFiles(tls, config.heads().timeout()))
                .orElse(null);
        this.workers = new WorkerPool(vertx, name, /* workers= */ 1, /* queue= */ 1);
    }

    /** The same options with what the files hold. Fails when they cannot be used. */
    Future<HttpServerOptions> into(HttpServerOptions options) {
        return changed().map(found -> found == null ? options : with(options, found));
    }

    private static HttpServerOptions with(HttpServerOptions options, ServerSSLOptions found) {
        return options.setSsl(true)
                .setUseAlpn(found.isUseAlpn())
                .setKeyCertOptions(found.getKeyCertOptions())
                .setTrustOptions(found.getTrustOptions())
                .setClientAuth(found.getClientAuth())
                .setEnabledSecureTransportProtocols(found.getEnabledSecureTransportProtocols())
                .setSslHandshakeTimeout(found.getSslHandshakeTimeout())
                .setSslHandshakeTimeoutUnit(found.getSslHandshakeTimeoutUnit());
    }

    /** Has the server follow the files from here on. */
    void follow(HttpServer server) {
        if (files != null) {
            vertx.setPeriodic(LOOK_MILLIS, tick -> changed()
                    .compose(found -> found == null ? Future.succeededFuture() : update(server, found))
                    .onFailure(this::tell));
        }
    }

    private static Future<Boolean> update(HttpServer server, ServerSSLOptions found) {
        return server.updateSSLOptions(found)
                .onSuccess(updated -> LOG.info("http.tls: the certificate was read again, for new connections"));
    }

    private Future<@Nullable ServerSSLOptions> changed() {
        return files == null ? Future.succeededFuture() : workers.run(files::changed);
    }

    private void tell(Throwable failure) {
        failed.run();
        if (Repeated.tells(++faults)) {
            LOG.error("http.tls: {}; the certificate that was there before stays", failure.getMessage());
        }
    }
}
