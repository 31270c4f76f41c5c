package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.metrics.Meters;
import dev.augur.request.HttpStatus;
import dev.augur.request.InferencePath;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns every failure of a route into an answer. Paths of the protocol answer {@code {"error": …}}, all
 * others {@code {"detail": …}}. Thread-safe.
 */
final class FailureHandler implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
    private static final String PROTOCOL_ROOT = "/v2";
    private static final String RETRY_AFTER_SECONDS = "1";

    private final Meters meters;

    FailureHandler(Meters meters) {
        this.meters = meters;
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (ctx.response().headWritten()
                && !ctx.response().ended()
                && !ctx.response().closed()) {
            return; // the answer is on its way, and Outlet sees how long that takes
        }
        var failure = translate(ctx); // a fault is logged, even if nobody is there to be told
        var exchange = Exchange.of(ctx);
        var trace = exchange == null ? null : exchange.trace(); // none for what is no HTTP to begin with
        if (trace != null) {
            trace.failed(failure);
        }
        if (ctx.response().ended() || ctx.response().closed()) {
            return;
        }
        meters.error(failure.code());
        boolean protocol = isProtocol(ctx.request().path());
        int status = HttpStatus.of(protocol, failure);
        LOG.debug("{} {}: {}", ctx.request().method(), ctx.request().path(), status); // the text may quote the body
        var response = ctx.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        response.headers()
                .remove(HttpHeaders.CONTENT_ENCODING)
                .remove(HttpHeaders.ETAG)
                .remove(InferencePath.JSON_LENGTH); // of what it replaces
        if (exchange != null) {
            exchange.failed(failure.code());
            exchange.answering(ctx);
        }
        if (HttpStatus.retryHelps(failure.code()) && !response.headers().contains(HttpHeaders.RETRY_AFTER)) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        var body = HttpStatus.body(protocol, failure);
        if (bodyUnread(ctx.request())) {
            LastAnswer.send(ctx, body);
        } else {
            Exchange.end(ctx, body.toBuffer()).onFailure(gone -> LOG.debug("client left before the error was sent"));
        }
    }

    static boolean isProtocol(@Nullable String path) {
        return path != null && (path.equals(PROTOCOL_ROOT) || path.startsWith(PROTOCOL_ROOT + "/"));
    }

    /** Whether a body is still to come, which may be of any length; then the connection cannot be used again. */
    private static boolean bodyUnread(HttpServerRequest request) {
        var headers = request.headers();
        return !request.isEnded()
                && (request.version() == HttpVersion.HTTP_2 // where a body needs no header
                        || headers.contains(HttpHeaders.TRANSFER_ENCODING)
                        || !"0".equals(Objects.requireNonNullElse(headers.get(HttpHeaders.CONTENT_LENGTH), "0")));
    }

    private static ServingException translate(RoutingContext ctx) {
        if (ctx.failure() instanceof ServingException serving) {
            return serving;
        }
        int status = ctx.failure() instanceof HttpException http ? http.getStatusCode() : ctx.statusCode();
        var known = ofLibrary(status, ctx);
        if (known != null) {
            return known;
        }
        LOG.error("{} {} failed", ctx.request().method(), ctx.request().path(), ctx.failure());
        return HttpStatus.hidden();
    }

    /** What vertx-web refuses by itself, by the status it chose. */
    private static @Nullable ServingException ofLibrary(int status, RoutingContext ctx) {
        var cause = ctx.failure();
        return switch (status) {
            case 400 ->
                new ServingException(
                        ErrorCode.INVALID_ARGUMENT,
                        cause == null || cause.getMessage() == null ? "Bad Request" : cause.getMessage());
            case 404 -> new ServingException(ErrorCode.NOT_FOUND, "Not Found");
            case 405 -> new ServingException(ErrorCode.METHOD_NOT_ALLOWED, "Method Not Allowed");
            default -> null;
        };
    }
}
