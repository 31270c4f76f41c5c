package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.BodyMemory;
import dev.augur.time.Deadlines;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * Reads a request's body into memory and leaves it with the {@link Exchange}: up to the limit of the route and the
 * memory of the node, and in the time a body has. Vert.x's own handler knows no limit for all bodies together. Confined
 * to one event loop.
 */
final class BodyReader implements Handler<RoutingContext> {
    private final int maxBytes;
    private final BodyMemory memory;
    private final BlockStock blocks;
    private final Deadlines<RoutingContext> deadlines;

    BodyReader(int maxBytes, BodyMemory memory, BlockStock blocks, Deadlines<RoutingContext> deadlines) {
        this.maxBytes =
                (int) Math.min(maxBytes, memory.limitBytes() / 2); // for its pieces, and for the whole made of them
        this.memory = memory;
        this.blocks = blocks;
        this.deadlines = deadlines;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var request = ctx.request();
        long declared = declaredBytes(request);
        if (declared > maxBytes) {
            throw tooLarge();
        }
        if (!memory.hasRoom(declared)) {
            throw memory.noRoom();
        }
        meetExpectation(ctx);
        var upload = new Upload(ctx);
        upload.exchange.gone().onComplete(over -> upload.end());
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
        return tooLarge(maxBytes);
    }

    /** Says which settings decide. */
    static ServingException tooLarge(int maxBytes) {
        return new ServingException(
                ErrorCode.TOO_LARGE,
                "the body is larger than the " + maxBytes
                        + " bytes this route takes (http.max-body, http.max-inference-body, half of http.body-memory)");
    }

    /** One body on its way. */
    private final class Upload {
        private final RoutingContext ctx;
        private final Exchange exchange;
        private final ArrivedBody body = new ArrivedBody(blocks);
        private final Deadlines<RoutingContext>.Wait wait;
        private boolean ended;

        private Upload(RoutingContext ctx) {
            this.ctx = ctx;
            this.exchange = Exchange.of(ctx);
            this.wait = deadlines.begin(ctx);
        }

        private void add(Buffer chunk) {
            if (ended) {
                return;
            }
            if (body.bytes() + (long) chunk.length() > maxBytes) {
                fail(tooLarge());
            } else if (!exchange.memory().take(chunk.length())) {
                fail(memory.noRoom());
            } else {
                body.add(chunk);
            }
        }

        private void arrived() {
            if (!ended) {
                wait.end();
                exchange.keep(body);
                ctx.next();
            }
        }

        private void fail(Throwable failure) {
            if (!ended) {
                ended = true;
                body.discard();
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
            wait.end();
            body.discard();
            exchange.memory().close();
        }
    }
}
