package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.HttpStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is no HTTP request, and closes the connection once the client could read the answer. Confined to one
 * event loop.
 */
final class InvalidRequests implements Handler<HttpServerRequest> {
    private final Vertx vertx;
    private final HttpConfig.Heads heads;
    private final @Nullable String peer;
    private final RequestNames names = new RequestNames();

    /**
     * The answers at a port.
     *
     * @param peer the node's name where other nodes ask, who take this for an answer of it then; else {@code null}
     */
    InvalidRequests(Vertx vertx, HttpConfig.Heads heads, @Nullable String peer) {
        this.vertx = vertx;
        this.heads = heads;
        this.peer = peer;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Throwable fault = request.decoderResult().cause();
        if (fault instanceof TooLongHttpLineException) {
            answer(request, HeadCheck.LINE_TOO_LONG, heads.lineTooLong());
        } else if (fault instanceof TooLongHttpHeaderException) {
            answer(request, HeadCheck.HEADERS_TOO_LARGE, heads.headersTooLarge());
        } else {
            answer(request, 400, "not a valid HTTP request: " + fault.getMessage());
        }
    }

    /**
     * The response is not ended: Vert.x would close at once, and what the client still sends would have its answer
     * thrown away.
     */
    private void answer(HttpServerRequest request, int status, String reason) {
        var failure = new ServingException(ErrorCode.INVALID_ARGUMENT, reason);
        Buffer body = HttpStatus.body(FailureHandler.isProtocol(request.path()), failure)
                .toBuffer();
        RequestNames.tell(request.response().headers(), names.of(request));
        if (peer != null) {
            request.response().putHeader(PeerGate.NODE, peer);
        }
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()))
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .write(body)
                .onFailure(gone -> request.connection().close());
        vertx.setTimer(LastAnswer.LINGER_MILLIS, late -> request.connection().close());
    }
}
