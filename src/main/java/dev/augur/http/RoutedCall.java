package dev.augur.http;

import dev.augur.request.BodyMemory;
import dev.augur.statement.NodeStatement;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request at one other node. The answer is kept until it is whole, so a node that dies while it answers has harmed
 * nobody. Confined to one event loop.
 */
final class RoutedCall {
    private final Peers peers;
    private final NodeStatement node;
    private final Runnable onSilence;
    private final Promise<Answer> answer = Promise.promise(); // of the handlers of a stream, which take no future
    private @Nullable HttpClientRequest stream;

    /**
     * What is sent.
     *
     * @param body stays until the answer is there
     */
    record Outgoing(
            HttpMethod method, String uri, MultiMap headers, List<ByteBuf> body, BodyMemory.Share answerMemory) {
        private long bytes() {
            return body.stream().mapToLong(ByteBuf::readableBytes).sum();
        }
    }

    /**
     * What has come back.
     *
     * @param body to be discarded by who has the answer
     */
    record Answer(int status, MultiMap headers, ArrivedBody body) {}

    /**
     * A call that is about to be made.
     *
     * @param onSilence its node says nothing any more
     */
    RoutedCall(Peers peers, NodeStatement node, Runnable onSilence) {
        this.peers = peers;
        this.node = node;
        this.onSilence = onSilence;
    }

    NodeStatement node() {
        return node;
    }

    void silent() {
        onSilence.run();
    }

    /**
     * Sends it. Fails with an {@code IOException} when the node could not be reached or was lost, with {@code
     * OVERLOADED} when there is no room for the answer, with whatever Vert.x throws when it cannot be written.
     */
    Future<Answer> send(Outgoing outgoing) {
        var begun = peers.begin(this);
        if (begun.failed()) {
            return Future.failedFuture(begun.cause());
        }
        peers.client()
                .request(peers.to(node)
                        .setMethod(outgoing.method())
                        .setURI(outgoing.uri())
                        .setHeaders(outgoing.headers()))
                .onSuccess(request -> begin(request, outgoing))
                .onFailure(this::lost);
        return answer.future().onComplete(over -> peers.end(this));
    }

    /** Nobody wants the answer any more: the run on the other node is stopped. */
    void cancel(Throwable why) {
        if (answer.tryFail(why) && stream != null) {
            stream.reset(); // ends its connection
        }
    }

    /** What cannot be written leaves a connection that would answer nothing any more. */
    private void begin(HttpClientRequest request, Outgoing outgoing) {
        try {
            write(request, outgoing);
        } catch (RuntimeException e) {
            answer.tryFail(e);
            request.connection().close();
        }
    }

    private void write(HttpClientRequest request, Outgoing outgoing) {
        stream = request;
        request.exceptionHandler(this::lost);
        if (answer.future().isComplete()) {
            request.reset();
            return;
        }
        request.response()
                .onSuccess(response -> read(response, outgoing.answerMemory()))
                .onFailure(this::lost);
        request.authority(peers.authority(node)).putHeader("Content-Length", String.valueOf(outgoing.bytes()));
        writeOn(request, new Pieces(outgoing.body()));
    }

    private void writeOn(HttpClientRequest request, Pieces body) {
        request.drainHandler(null);
        for (int sent = 0; sent < Pieces.OF_A_TURN; sent++) {
            if (answer.future().isComplete()) { // before the other node has read it, or nobody waits any more
                request.reset(); // else its connection would wait for the rest
                return;
            }
            var piece = body.next();
            if (body.isEmpty()) {
                request.end(piece).onFailure(this::lost);
                return;
            }
            request.write(piece);
            if (request.writeQueueFull()) {
                request.drainHandler(read -> writeOn(request, body));
                return;
            }
        }
        peers.vertx().setTimer(Pieces.TURN_MILLIS, turn -> writeOn(request, body));
    }

    private void read(HttpClientResponse response, BodyMemory.Share memory) {
        var body = new ArrivedBody(peers.blocks());
        answer.future().onFailure(lost -> body.discard());
        response.exceptionHandler(this::lost);
        response.handler(piece -> {
            if (answer.future().isComplete()) {
                return;
            }
            if (memory.take(piece.length())) {
                body.add(piece);
            } else {
                cancel(memory.noRoom());
            }
        });
        response.endHandler(end -> answer.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
    }

    private void lost(Throwable failure) {
        answer.tryFail(new IOException(node.node() + ": " + failure.getMessage(), failure));
    }
}
