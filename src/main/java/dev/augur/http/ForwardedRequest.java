package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.Headers;
import dev.augur.request.InferencePath;
import dev.augur.statement.NodeStatement;
import dev.augur.timeline.ServerTiming;
import io.netty.buffer.ByteBuf;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to another node, and to one more where the first dies, drains or says nothing any more. It is
 * recorded where it was predicted. Confined to one event loop.
 */
final class ForwardedRequest {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardedRequest.class);
    private static final List<String> SENT = List.of(
            "Content-Type",
            "Content-Encoding",
            InferencePath.JSON_LENGTH,
            "Accept-Encoding",
            "traceparent",
            "tracestate",
            Headers.REPLAY_OF);
    private static final List<String> ANSWERED =
            List.of("Content-Type", "Content-Encoding", InferencePath.JSON_LENGTH, "Retry-After", "Vary");
    /** After its deadline a node has this time to say itself that it is over. */
    private static final long GRACE_MILLIS = 200;

    private final RoutingContext ctx;
    private final Exchange exchange;
    private final Peers peers;
    private final Predicate<NodeStatement> there;
    private final Consumer<RoutingContext> record;
    private final Set<String> tried = new HashSet<>();
    private @Nullable RoutedCall call;
    private final List<ByteBuf> body;
    private final long begunNanos = System.nanoTime(); // it is here whole, which is when a prediction here begins, too
    private boolean lostOnce;

    ForwardedRequest(RoutingContext ctx, Peers peers, Predicate<NodeStatement> there, Consumer<RoutingContext> record) {
        this.ctx = ctx;
        this.exchange = Exchange.of(ctx);
        this.peers = peers;
        this.there = there;
        this.record = record;
        this.body = exchange.blocks();
    }

    /** Sends it, and answers. */
    void begin() {
        exchange.caller().leaveRecord();
        exchange.gone().onComplete(over -> cancel(over(ErrorCode.CANCELLED, "nobody waits for the answer any more")));
        left().ifPresent(left -> {
            long timer = ctx.vertx().setTimer(Math.max(1, left.toMillis() + GRACE_MILLIS), late -> fail(late()));
            exchange.gone().onComplete(over -> ctx.vertx().cancelTimer(timer));
        });
        next(null);
    }

    private void next(@Nullable Throwable before) {
        var node = tried.size() < peers.config().tries() ? peers.choose(there, tried) : Optional.<NodeStatement>empty();
        if (node.isEmpty()) {
            fail(before == null ? nobody() : before);
            return;
        }
        if (!tried.isEmpty()) {
            peers.meters().retried();
        }
        tried.add(node.get().node());
        var method = ctx.request().method().equals(HttpMethod.HEAD)
                ? HttpMethod.GET // whose length is wanted
                : ctx.request().method();
        var made = new RoutedCall(peers, node.get(), this::silent);
        call = made;
        made.send(new RoutedCall.Outgoing(
                        method, ctx.request().uri(), headers(node.get()), body, exchange.answerMemory()))
                .onSuccess(answer -> answered(node.get(), answer))
                .onFailure(failure -> failed(node.get(), failure));
    }

    private void answered(NodeStatement node, RoutedCall.Answer answer) {
        exchange.gone().onComplete(over -> answer.body().discard());
        if (!node.node().equals(answer.headers().get(PeerGate.NODE))) { // its port is somebody else's now
            failed(node, new IOException("the answer is not from " + node.node()));
            return;
        }
        peers.good(node);
        if (answer.headers().contains(PeerGate.UNTAKEN)) {
            exchange.answerMemory().settle(0);
            next(new ServingException(ErrorCode.NOT_READY, node.node() + " does not take it any more"));
            return;
        }
        peers.meters().answered();
        if (ctx.response().ended() || ctx.response().closed()) {
            return;
        }
        var response = ctx.response().setStatusCode(answer.status()).putHeader(PeerGate.NODE, node.node());
        copy(ANSWERED, answer.headers(), response.headers());
        String timing = answer.headers().get(ServerTiming.HEADER);
        if (timing != null) {
            exchange.timedElsewhere(timing);
        }
        Exchange.send(ctx, answer.body());
    }

    /** A prediction that was lost with its node is asked of one more. */
    private void failed(NodeStatement node, Throwable failure) {
        exchange.answerMemory().settle(0);
        if (!(failure instanceof IOException)) {
            fail(failure);
            return;
        }
        LOG.debug("a request was lost at {}", node.node(), failure);
        peers.bad(node);
        var told = new ServingException(ErrorCode.NOT_READY, "the node that has it did not answer: " + node.node());
        if (lostOnce) {
            fail(told);
        } else {
            lostOnce = true;
            if (peers.choose(there, tried).isEmpty()) {
                tried.remove(node.node()); // it may have closed a connection that was kept, and be well
            }
            next(told);
        }
    }

    /** Its node says nothing any more: somebody else is asked, if there is one. */
    private void silent() {
        if (!lostOnce && peers.choose(there, tried).isPresent() && call != null) {
            call.cancel(new IOException(call.node().node() + " says nothing any more"));
        }
    }

    private void cancel(ServingException why) {
        if (call != null) {
            call.cancel(why);
        }
    }

    private void fail(Throwable failure) {
        if (failure instanceof ServingException told) {
            cancel(told);
        }
        if (!exchange.gone().isComplete() && !ctx.response().ended()) {
            peers.meters().failed();
            record.accept(ctx);
            ctx.fail(failure);
        }
    }

    private MultiMap headers(NodeStatement node) {
        var asked = ctx.request().headers();
        var sent = HttpHeaders.headers();
        copy(SENT, asked, sent);
        if (!sent.contains(HttpHeaders.CONTENT_TYPE) && !body.isEmpty()) {
            sent.add(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        left().ifPresentOrElse(
                        left -> sent.set(HeaderNames.TIMEOUT, Math.max(1, left.toMillis()) + "ms"),
                        () -> asked.getAll(HeaderNames.TIMEOUT).forEach(value -> sent.add(HeaderNames.TIMEOUT, value)));
        PeerGate.tellPrincipal(sent, exchange.principal());
        return sent.set(Headers.REQUEST_ID, exchange.requestId())
                .set(PeerGate.KEY, node.identity().places().key());
    }

    private static void copy(List<String> names, MultiMap from, MultiMap to) {
        for (String name : names) {
            if (from.contains(name)) {
                to.add(name, from.getAll(name));
            }
        }
    }

    /** What is left of the time that the client has given; empty where it gave none, or none that can be read. */
    private Optional<Duration> left() {
        try {
            return Headers.time(ctx.request().headers(), HeaderNames.TIMEOUT)
                    .filter(time -> !time.isZero())
                    .map(time -> time.minusNanos(System.nanoTime() - begunNanos));
        } catch (ServingException unreadable) {
            return Optional.empty(); // the other node says so
        }
    }

    private static ServingException nobody() {
        return over(ErrorCode.NOT_READY, "no node takes it any more");
    }

    private static ServingException late() {
        return over(ErrorCode.DEADLINE_EXCEEDED, "the node that was asked did not answer in the time of the request");
    }

    private static ServingException over(ErrorCode code, String what) {
        return new ServingException(code, what);
    }
}
