package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.serving.BodyMemory;
import dev.augur.serving.Deadlines;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * Reads a request's body into memory and leaves it with the {@link Exchange}: up to the limit of the route and the memory of the node, and
 * in the time a body has. Vert.x's own handler knows no limit for all bodies together. Confined to one event loop.
 */
final class BodyReader implements Handler<RoutingContext> {
    private static final int FIRST_BYTES = 1 << 13;

    private final int maxBytes;
    private final BodyMemory memory;
    private final Deadlines<RoutingContext> deadlines;

    BodyReader(int maxBytes, BodyMemory memory, Deadlines<RoutingContext> deadlines) {
        this.maxBytes = maxBytes;
        this.memory = memory;
        this.deadlines = deadlines;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var request = ctx.request();
        if (declaredBytes(request) > maxBytes) {
            throw tooLarge();
        }
        meetExpectation(ctx);
        deadlines.begin(ctx);
        Exchange.of(ctx).takeFrom(memory);
        var upload = new Upload(ctx);
        Exchange.of(ctx).over().onComplete(over -> upload.end());
        request.handler(upload::add).exceptionHandler(upload::fail).endHandler(end -> upload.arrived());
    }

    private static long declaredBytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length.trim()); // checked by the HTTP decoder
    }

    private static void meetExpectation(RoutingContext ctx) {
        String expectation = ctx.request().getHeader(HttpHeaders.EXPECT);
        if (expectation == null || ctx.request().version() == HttpVersion.HTTP_1_0) {
            return;
        }
        if (!expectation.equalsIgnoreCase("100-continue")) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT, "expectation \"" + expectation + "\" is not served, only 100-continue");
        }
        ctx.response().writeContinue();
    }

    private ServingException tooLarge() {
        return new ServingException(
                ErrorCode.TOO_LARGE, "the body is larger than the " + maxBytes + " bytes this route takes");
    }

    /** One body on its way. */
    private final class Upload {
        private final RoutingContext ctx;
        private final Buffer body = Buffer.buffer(FIRST_BYTES);
        private boolean ended;

        private Upload(RoutingContext ctx) {
            this.ctx = ctx;
        }

        private void add(Buffer chunk) {
            if (ended) {
                return;
            }
            if (body.length() + (long) chunk.length() > maxBytes) {
                fail(tooLarge());
            } else if (!Exchange.of(ctx).memory().take(chunk.length())) {
                fail(BodyMemory.noRoom());
            } else {
                body.appendBuffer(chunk);
            }
        }

        private void arrived() {
            if (!ended) {
                deadlines.end(ctx);
                Exchange.of(ctx).keep(body);
                ctx.next();
            }
        }

        private void fail(Throwable failure) {
            if (!ended) {
                ended = true;
                ctx.fail(
                        failure instanceof ServingException
                                ? failure
                                : new ServingException(
                                        ErrorCode.INVALID_ARGUMENT,
                                        "the body could not be read: " + failure.getMessage()));
            }
        }

        /** The exchange is over: the body is not needed any more. */
        private void end() {
            ended = true;
            deadlines.end(ctx);
            Exchange.of(ctx).memory().close();
        }
    }
}
