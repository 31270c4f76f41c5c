package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.protocol.InferenceBody;
import dev.augur.serving.Headers;
import dev.augur.serving.InferencePath;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * {@code POST /v2/models/{model}[/versions/{version}]/infer}: JSON or binary tensors, compressed or not, on the way to the path that inference
 * requests take, and back. Confined to one event loop.
 */
final class InferHandler implements Handler<RoutingContext> {
    private static final int COMPRESSED_FROM_BYTES = 1_024;
    static final String TIMEOUT = "X-Request-Timeout";

    private final InferencePath path;
    private final HttpConfig.Limits limits;

    InferHandler(InferencePath path, HttpConfig.Limits limits) {
        this.path = path;
        this.limits = limits;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var request = ctx.request();
        var question = new InferencePath.Question(
                ctx.pathParam("model"),
                ctx.pathParam("version"),
                body(ctx),
                () -> Headers.time(request.headers(), TIMEOUT));
        var accepted = ContentCoding.accepted(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
        path.answer(question, Exchange.of(ctx).caller(), body -> Answer.of(body, accepted))
                .onSuccess(answer -> send(ctx, answer))
                .onFailure(ctx::fail);
    }

    private InferencePath.Body body(RoutingContext ctx) {
        byte[] bytes = Exchange.of(ctx).body();
        var memory = Exchange.of(ctx).memory();
        var jsonLength = Headers.single(ctx.request().headers(), InferencePath.JSON_LENGTH, ErrorCode.INVALID_ARGUMENT);
        return ContentCoding.of(ctx.request().getHeader(HttpHeaders.CONTENT_ENCODING))
                // A few compressed bytes may be many: they always go to a worker.
                .map(coding -> new InferencePath.Body(
                        () -> coding.decode(bytes, limits.inferenceBodyBytes(), memory), Long.MAX_VALUE, jsonLength))
                .orElseGet(() -> new InferencePath.Body(() -> bytes, bytes.length, jsonLength));
    }

    private static void send(RoutingContext ctx, Answer answer) {
        if (ctx.response().ended()) {
            return;
        }
        var response = ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType());
        answer.coding().ifPresent(coding -> response.putHeader(HttpHeaders.CONTENT_ENCODING, coding.header()));
        if (answer.jsonBytes() >= 0) {
            response.putHeader(InferencePath.JSON_LENGTH, String.valueOf(answer.jsonBytes()));
        }
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING).end(answer.body());
    }

    /**
     * What goes out.
     *
     * @param jsonBytes length of the JSON in front of binary tensors before compression, -1 where there are none
     */
    private record Answer(Buffer body, int jsonBytes, Optional<ContentCoding> coding) {
        static Answer of(InferenceBody body, Optional<ContentCoding> accepted) {
            var buffer = InferencePath.bytes(body);
            int jsonBytes = body.binary().isEmpty() ? -1 : body.json().limit();
            if (accepted.isEmpty() || buffer.length() < COMPRESSED_FROM_BYTES) {
                return new Answer(buffer, jsonBytes, Optional.empty());
            }
            return new Answer(Buffer.buffer(accepted.get().encode(buffer.getBytes())), jsonBytes, accepted);
        }

        String contentType() {
            return jsonBytes < 0 ? "application/json" : "application/octet-stream";
        }
    }
}
