package dev.augur.bus;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;

/**
 * A context that belongs to no verticle: what it has begun, timers and requests, goes on when the verticles of its
 * event loop are undeployed. Vert.x has no public way to one of the caller's own event loop. Thread-safe.
 */
public final class LastingLoop {
    private LastingLoop() {}

    /** A new one of the caller's event loop. */
    public static Context ofCaller(Vertx vertx) {
        var internal = (VertxInternal) vertx;
        var loop = internal.getOrCreateContext().nettyEventLoop();
        return internal.contextBuilder().withEventLoop(loop).build();
    }
}
