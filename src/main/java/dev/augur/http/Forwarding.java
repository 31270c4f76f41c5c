package dev.augur.http;

import dev.augur.error.ServingException;
import dev.augur.statement.NodeStatement;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Stands in front of what answers for a model or a pipeline: a request for one that this node does not have goes to
 * another node that does. Where there is none either, this node answers, and says why not. Confined to one event loop.
 */
final class Forwarding implements Handler<RoutingContext> {
    private final Peers peers;
    private final Served served;
    private final Consumer<RoutingContext> record;

    /** What is asked for, and who has it. */
    interface Served {
        /** Whether this node has what is asked for. */
        boolean here(RoutingContext ctx);

        /** Which other nodes have it. */
        Predicate<NodeStatement> there(RoutingContext ctx);

        /** Which nodes know of it, whether or not they have it now; not those that have unloaded it on purpose. */
        Predicate<NodeStatement> named(RoutingContext ctx);

        /** What is said where these nodes know of it, and none takes requests for it. */
        ServingException notReady(RoutingContext ctx, List<NodeStatement> knowing);

        /** What is said where no node knows of it. */
        ServingException unknown(RoutingContext ctx);
    }

    /**
     * Forwarding for some routes.
     *
     * @param record begins a record again, where no other node makes it
     */
    Forwarding(Peers peers, Served served, Consumer<RoutingContext> record) {
        this.peers = peers;
        this.served = served;
        this.record = record;
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (served.here(ctx)) {
            ctx.next();
            return;
        }
        var there = served.there(ctx);
        if (!peers.has(there)) {
            without(ctx);
            return;
        }
        new ForwardedRequest(ctx, peers, there, record).begin();
    }

    /** The node that knows why nobody can be asked says so: this one, if it knows of it. */
    private void without(RoutingContext ctx) {
        var named = served.named(ctx);
        var knowing = peers.knowing(named);
        if (peers.knownHere(named)) {
            ctx.next();
        } else if (!knowing.isEmpty()) {
            ctx.fail(served.notReady(ctx, knowing));
        } else if (peers.othersHaveModels()) {
            ctx.fail(served.unknown(ctx));
        } else {
            ctx.next();
        }
    }
}
