package dev.augur.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * The last answer on a connection whose client may still be sending: what comes after it is thrown away for a moment,
 * so that the client can read the answer before the connection closes. Confined to one event loop.
 */
final class LastAnswer {
    static final long LINGER_MILLIS = 1_000;

    private LastAnswer() {}

    /** Ends the response, whose status is set, and then the connection; on HTTP/2 only the stream. */
    static void send(RoutingContext ctx, JsonObject body) {
        HttpServerRequest request = ctx.request();
        var response = ctx.response();
        if (request.version() == HttpVersion.HTTP_2) {
            Exchange.end(ctx, body.toBuffer()).onComplete(sent -> {
                if (!request.isEnded()) {
                    response.reset(/* NO_ERROR= */ 0);
                }
            });
            return;
        }
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        response.end(body.toBuffer());
        var connection = request.connection();
        if (request.isEnded()) {
            connection.close();
            return;
        }
        long timer = ctx.vertx().setTimer(LINGER_MILLIS, late -> connection.close());
        request.handler(rest -> {}).endHandler(end -> {
            ctx.vertx().cancelTimer(timer);
            connection.close();
        });
        request.resume();
    }
}
