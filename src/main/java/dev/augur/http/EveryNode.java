package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.membership.Nodes;
import dev.augur.request.HttpStatus;
import dev.augur.statement.ForeignNode;
import dev.augur.statement.NodeStatement;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A change of the repository on every node that predicts: this one does it itself, the others are asked as they are for
 * predictions, all at once, and the answer tells what happened on each. Confined to one event loop.
 */
final class EveryNode {
    private static final int OK = 200;
    private static final int MOST_NODES = 100;
    private static final String ERROR = "error";
    private static final List<ByteBuf> NOTHING =
            List.of(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[] {'{', '}'})));

    private final Nodes nodes;
    private final @Nullable Peers peers;

    /**
     * The nodes.
     *
     * @param peers how others are asked; {@code null} where there are none
     */
    EveryNode(Nodes nodes, @Nullable Peers peers) {
        this.nodes = nodes;
        this.peers = peers;
    }

    /** What happened on a node. */
    private record Outcome(String node, int status, String error) {
        static Outcome failed(String node, Throwable failure) {
            var told = failure instanceof ServingException serving
                    ? serving
                    : failure instanceof IOException lost
                            ? new ServingException(ErrorCode.NOT_READY, String.valueOf(lost.getMessage()))
                            : HttpStatus.hidden();
            return new Outcome(node, HttpStatus.of(told.code()), String.valueOf(told.getMessage()));
        }

        JsonObject json() {
            var json = new JsonObject().put("node", node).put("status", status);
            return status == OK ? json : json.put(ERROR, error);
        }
    }

    /**
     * Has it done.
     *
     * @param here does it on this node
     */
    void change(RoutingContext ctx, Supplier<Future<Void>> here) {
        var concerned = nodes.all().stream()
                .filter(node -> node.identity().roles().contains("predict"))
                .limit(MOST_NODES)
                .toList();
        if (concerned.isEmpty()) {
            throw new ServingException(ErrorCode.NOT_READY, "no node that is known here has the role predict");
        }
        String self = nodes.self().node();
        var asked = concerned.stream()
                .map(node -> node.node().equals(self)
                        ? here.get()
                                .map(done -> new Outcome(self, OK, ""))
                                .otherwise(failure -> Outcome.failed(self, failure))
                        : there(ctx, node));
        var outcomes = Stream.concat(asked, unasked()).toList();
        Future.join(outcomes)
                .onSuccess(done ->
                        answer(ctx, outcomes.stream().map(Future::result).toList()))
                .onFailure(ctx::fail);
    }

    /** Nodes of another version are there, and did not do it. */
    private Stream<Future<Outcome>> unasked() {
        return nodes.foreign().values().stream()
                .filter(ForeignNode::predicts)
                .map(node -> Outcome.failed(node.node(), new IOException("it was not asked: " + node.reason())))
                .map(Future::succeededFuture);
    }

    /** Of several faults the status is the highest: that of a node that is away rather than of one that refuses. */
    private static void answer(RoutingContext ctx, List<Outcome> outcomes) {
        var all = new JsonArray();
        outcomes.forEach(outcome -> all.add(outcome.json()));
        long failed =
                outcomes.stream().filter(outcome -> outcome.status() != OK).count();
        int status = outcomes.stream().mapToInt(Outcome::status).max().orElse(OK);
        var json = new JsonObject();
        if (failed > 0) {
            json.put(ERROR, failed + " of " + outcomes.size() + " nodes did not do it; see nodes");
        }
        if (!ctx.response().ended() && !ctx.response().closed()) {
            ctx.response().setStatusCode(status);
            Exchange.answer(ctx, json.put("nodes", all).toBuffer());
        }
    }

    private Future<Outcome> there(RoutingContext ctx, NodeStatement node) {
        var seen = nodes.find(node.node());
        if (seen.isEmpty() || !nodes.answers(seen.get())) {
            long seconds = seen.map(one -> one.silent().toSeconds()).orElse(0L);
            return Future.succeededFuture(Outcome.failed(
                    node.node(), new IOException("it was not asked: it has said nothing for " + seconds + " s")));
        }
        var exchange = Exchange.of(ctx);
        var headers = MultiMap.caseInsensitiveMultiMap()
                .set(HttpHeaders.CONTENT_TYPE, "application/json")
                .set(PeerGate.KEY, node.identity().places().key());
        PeerGate.tellPrincipal(headers, exchange.principal());
        var outgoing = new RoutedCall.Outgoing(
                ctx.request().method(), ctx.request().path(), headers, NOTHING, exchange.answerMemory());
        return new Asked(Objects.requireNonNull(peers), node)
                .call
                .send(outgoing)
                .map(answer -> outcome(node, answer))
                .otherwise(failure -> Outcome.failed(node.node(), failure));
    }

    private static Outcome outcome(NodeStatement node, RoutedCall.Answer answer) {
        try {
            return told(node, answer);
        } finally {
            answer.body().discard();
        }
    }

    private static Outcome told(NodeStatement node, RoutedCall.Answer answer) {
        if (!node.node().equals(answer.headers().get(PeerGate.NODE))) { // its port is somebody else's now
            return Outcome.failed(node.node(), new IOException("the answer is not from " + node.node()));
        }
        return new Outcome(node.node(), answer.status(), answer.status() == OK ? "" : error(answer.body()));
    }

    private static String error(ArrivedBody body) {
        try {
            return new JsonObject(Buffer.buffer(body.small())).getString(ERROR, "");
        } catch (RuntimeException e) {
            return "its answer cannot be read";
        }
    }

    /** A call that ends when its node says nothing any more; when the client leaves, the change goes on. */
    private static final class Asked {
        private final RoutedCall call;

        Asked(Peers peers, NodeStatement node) {
            this.call = new RoutedCall(peers, node, this::silent);
        }

        private void silent() {
            call.cancel(new IOException("it says nothing any more; it may have done it"));
        }
    }
}
