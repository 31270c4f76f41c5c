package dev.augur;

import dev.augur.config.ConfigLoader;
import dev.augur.config.ServerConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A whole node as one verticle, to be deployed by its name: {@code deployVerticle("dev.augur.AugurVerticle", options)}.
 * Its configuration has the form of {@code conf/augur.yaml}; what is not there has its default. Undeployed, it stops as
 * {@link Server#stop} does. Confined to one event loop.
 */
public final class AugurVerticle extends VerticleBase {
    private @Nullable Server server;

    /** One that is configured by its deployment. */
    public AugurVerticle() {}

    /** Done when every model that can be loaded is served. Fails as {@link Server#start} does. */
    @Override
    public Future<?> start() {
        return outside(config(), config -> Server.start(vertx, config)).onSuccess(started -> server = started);
    }

    @Override
    public Future<?> stop() {
        return server == null ? Future.succeededFuture() : server.stop();
    }

    /**
     * Starts something in no verticle's context, which reads files on the way. Verticles deployed in one's context are
     * its children: Vert.x would undeploy them before it asks this one to stop, in no order.
     */
    static <T> Future<T> outside(JsonObject settings, Function<ServerConfig, Future<T>> start) {
        Promise<T> started = Promise.promise(); // from a thread that is not Vert.x's
        var thread = new Thread(
                () -> Future.<Void>succeededFuture()
                        .compose(begun -> start.apply(ConfigLoader.ofJson(settings.encode())))
                        .onComplete(started),
                "augur-start");
        thread.setDaemon(true);
        thread.start();
        return started.future();
    }
}
