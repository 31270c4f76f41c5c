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

/**
 * Answers what is no HTTP request, and closes the connection once the client could read the answer. Confined to one
 * event loop.
 */
final class InvalidRequests implements Handler<HttpServerRequest> {
    private final Vertx vertx;
    private final HttpConfig.Heads heads;
    private final RequestNames names = new RequestNames();

    InvalidRequests(Vertx vertx, HttpConfig.Heads heads) {
        this.vertx = vertx;
        this.heads = heads;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Throwable fault = request.decoderResult().cause();
        if (fault instanceof TooLongHttpLineException) {
            answer(
                    request,
                    414,
                    "the request line is longer than http.max-request-line, " + heads.lineBytes() + " bytes");
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
