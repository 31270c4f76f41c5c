package dev.augur.http;

import dev.augur.console.ConsoleVerticle;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code POST /console/runs}: sends a number of requests to this node, all at once, and answers when all are over. A
 * browser could not: it opens six connections to a server. One run at a time on a node; when the page leaves, its
 * requests are given up. Confined to one event loop.
 */
final class ConsoleRuns implements Handler<RoutingContext> {
    private final ConsoleVerticle console;
    private final String basePath;

    ConsoleRuns(ConsoleVerticle console, String basePath) {
        this.basePath = basePath;
        this.console = console;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var asked =
                RunRequest.read(Exchange.of(ctx).body(), console.runRequests()).below(basePath);
        if (!console.beginRun()) {
            throw new ServingException(
                    ErrorCode.OVERLOADED, "another page has a run under way; a node has one at a time");
        }
        var run = new ConsoleRun(ctx.vertx(), asked, ctx.request());
        Exchange.of(ctx).gone().onComplete(over -> run.end());
        run.start()
                .onComplete(over -> console.endRun())
                .onSuccess(outcome -> Exchange.answer(ctx, outcome.toBuffer()))
                .onFailure(ctx::fail);
    }
}
