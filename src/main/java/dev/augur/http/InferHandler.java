package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.protocol.InferenceBody;
import dev.augur.request.Headers;
import dev.augur.request.InferencePath;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v2/models/{model}[/versions/{version}]/infer}: JSON or binary tensors, compressed or not, on the way to
 * the path that inference requests take, and back. Confined to one event loop.
 */
final class InferHandler implements Handler<RoutingContext> {
    private static final int COMPRESSED_FROM_BYTES = 1_024;

    private final InferencePath path;
    private final HttpConfig.Limits limits;

    InferHandler(InferencePath path, HttpConfig.Limits limits) {
        this.path = path;
        this.limits = limits;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var request = ctx.request();
        var encoded = new InferencePath.EncodedRequest(
                ctx.pathParam("model"),
                ctx.pathParam("version"),
                body(ctx),
                () -> Headers.time(request.headers(), HeaderNames.TIMEOUT));
        var accepted = ContentCoding.accepted(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
        path.answer(encoded, Exchange.of(ctx).caller(), body -> EncodedResponse.of(body, accepted.orElse(null)))
                .onComplete(answer -> send(ctx, answer), ctx::fail);
    }

    private InferencePath.Body body(RoutingContext ctx) {
        var exchange = Exchange.of(ctx);
        var jsonLength = Headers.single(ctx.request().headers(), HeaderNames.JSON_LENGTH, ErrorCode.INVALID_ARGUMENT);
        return ContentCoding.of(ctx.request().getHeader(HttpHeaders.CONTENT_ENCODING))
                // A few compressed bytes may be many: they always go to a worker.
                .map(coding -> new InferencePath.Body(
                        () -> coding.decode(exchange.body(), limits.inferenceBodyBytes(), exchange.memory()),
                        Long.MAX_VALUE,
                        jsonLength))
                .orElseGet(() -> new InferencePath.Body(exchange::body, exchange.bodyBytes(), jsonLength));
    }

    private static void send(RoutingContext ctx, EncodedResponse answer) {
        if (ctx.response().ended()) {
            return;
        }
        var response = ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType());
        answer.coding().ifPresent(coding -> response.putHeader(HttpHeaders.CONTENT_ENCODING, coding.header()));
        if (answer.jsonBytes() >= 0) {
            response.putHeader(HeaderNames.JSON_LENGTH, String.valueOf(answer.jsonBytes()));
        }
        response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        Exchange.send(ctx, answer.parts());
    }

    /**
     * What goes out.
     *
     * @param jsonBytes length of the JSON in front of binary tensors before compression, -1 where there are none
     */
    private record EncodedResponse(List<ByteBuffer> parts, int jsonBytes, Optional<ContentCoding> coding) {
        static EncodedResponse of(InferenceBody body, @Nullable ContentCoding accepted) {
            int jsonBytes = body.binary().isEmpty() ? -1 : body.json().limit();
            var parts = body.parts();
            if (accepted == null || body.bytes() < COMPRESSED_FROM_BYTES) {
                return new EncodedResponse(parts, jsonBytes, Optional.empty());
            }
            return new EncodedResponse(
                    List.of(ByteBuffer.wrap(accepted.encode(parts))), jsonBytes, Optional.of(accepted));
        }

        String contentType() {
            return jsonBytes < 0 ? "application/json" : "application/octet-stream";
        }
    }
}
