package dev.augur.http;

import dev.augur.timeline.Stage;
import dev.augur.worker.JsonWork;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** Serves a {@link Route}: decodes, has it answer, encodes. Confined to one event loop. */
final class RouteHandler<Q, A> implements Handler<RoutingContext> {
    private final Route<Q, A> route;
    private final JsonWork work;

    RouteHandler(Route<Q, A> route, JsonWork work) {
        this.route = route;
        this.work = work;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var exchange = Exchange.of(ctx);
        var caller = exchange.caller();
        var request = new IncomingRequest(ctx);
        var loop = ctx.vertx().getOrCreateContext();
        work.run(exchange.bodyBytes(), exchange.gone(), () -> route.decode(request))
                .compose(decoded -> route.answer(decoded, caller))
                .map(answer -> caller.timed(Stage.ENCODE, () -> route.encode(answer)))
                .onComplete(answer -> onLoop(loop, () -> send(ctx, answer)));
    }

    private static void send(RoutingContext ctx, AsyncResult<Buffer> answer) {
        if (answer.succeeded()) {
            Exchange.answer(ctx, answer.result());
        } else {
            ctx.fail(answer.cause());
        }
    }

    /** Routes may answer on threads of their own. */
    private static void onLoop(Context loop, Runnable end) {
        if (Vertx.currentContext() == loop) {
            end.run();
        } else {
            loop.runOnContext(v -> end.run());
        }
    }
}
