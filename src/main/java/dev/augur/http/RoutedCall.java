package dev.augur.http;

import dev.augur.request.BodyMemory;
import dev.augur.statement.NodeStatement;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request at one other node. The answer is kept until it is whole, so a node that dies while it answers has harmed
 * nobody. Confined to one event loop.
 */
final class RoutedCall {
    private static final int PIECE_BYTES = 1 << 16;
    private static final int BYTES_OF_A_TURN = Outlet.PIECES_OF_A_TURN * PIECE_BYTES;

    private final Peers peers;
    private final NodeStatement node;
    private final Runnable onSilence;
    private final Promise<Answer> answer = Promise.promise(); // of the handlers of a stream, which take no future
    private @Nullable HttpClientRequest stream;

    /**
     * What is sent.
     *
     * @param body not changed any more
     */
    @SuppressWarnings("ArrayRecordComponent") // 64 MB are not copied
    record Outgoing(HttpMethod method, String uri, MultiMap headers, byte[] body, BodyMemory.Share answerMemory) {}

    /**
     * What has come back.
     *
     * @param body in the pieces that came: to put a large one together takes longer than an event loop has
     */
    record Answer(int status, MultiMap headers, List<ByteBuffer> body) {
        /** A small body put together. */
        Buffer whole() {
            var whole = Buffer.buffer();
            for (ByteBuffer piece : body) {
                byte[] bytes = new byte[piece.remaining()];
                piece.duplicate().get(bytes);
                whole.appendBytes(bytes);
            }
            return whole;
        }
    }

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
     * OVERLOADED} when there is no room for the answer.
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
                .onSuccess(request -> write(request, outgoing))
                .onFailure(this::lost);
        return answer.future().onComplete(over -> peers.end(this));
    }

    /** Nobody wants the answer any more: the run on the other node is stopped. */
    void cancel(Throwable why) {
        if (answer.tryFail(why) && stream != null) {
            stream.reset(); // ends its connection
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
        request.putHeader("Content-Length", String.valueOf(outgoing.body().length));
        writeOn(request, outgoing.body(), 0);
    }

    private void writeOn(HttpClientRequest request, byte[] body, int from) {
        if (answer.future().isComplete()) { // before the other node has read it, or nobody waits any more
            request.reset(); // else its connection would wait for the rest
            return;
        }
        int at = from;
        while (body.length - at > PIECE_BYTES) {
            request.write(piece(body, at, at + PIECE_BYTES));
            at += PIECE_BYTES;
            int next = at;
            if (request.writeQueueFull()) {
                request.drainHandler(sent -> writeOn(request, body, next));
                return;
            }
            if (next - from >= BYTES_OF_A_TURN) {
                peers.vertx().setTimer(Outlet.TURN_MILLIS, turn -> writeOn(request, body, next));
                return;
            }
        }
        request.drainHandler(null);
        request.end(piece(body, at, body.length)).onFailure(this::lost);
    }

    private static Buffer piece(byte[] body, int from, int to) {
        return Buffer.buffer(to - from).appendBytes(body, from, to - from);
    }

    private void read(HttpClientResponse response, BodyMemory.Share memory) {
        var body = new ArrayList<ByteBuffer>();
        response.exceptionHandler(this::lost);
        response.handler(piece -> {
            if (memory.take(piece.length())) {
                body.add(ByteBuffer.wrap(piece.getBytes()));
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
