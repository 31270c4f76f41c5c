package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.ModelRegistry;
import dev.augur.inference.Predictor;
import dev.augur.protocol.InferenceBody;
import dev.augur.protocol.InferenceCall;
import dev.augur.protocol.InferenceRequestReader;
import dev.augur.protocol.InferenceResponseWriter;
import dev.augur.protocol.RawRequestReader;
import dev.augur.protocol.RequestBody;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v2/models/{model}[/versions/{version}]/infer}: decodes, predicts, encodes, in JSON or with binary tensors, compressed or not.
 * What would hold the event loop for long is decoded and encoded on a worker. Confined to one event loop.
 */
final class InferHandler implements Handler<RoutingContext> {
    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private static final int COMPRESSED_FROM_BYTES = 1_024;

    private final Predictor predictor;
    private final ModelRegistry models;
    private final JsonWork work;
    private final HttpConfig.Limits limits;
    private final RequestRecorder recorder;

    /**
     * A handler for one router.
     *
     * @param work reads and writes bodies too large for the event loop elsewhere
     */
    InferHandler(Services services, JsonWork work, HttpConfig.Limits limits, RequestRecorder recorder) {
        this.predictor = services.predictor();
        this.models = services.models();
        this.work = work;
        this.limits = limits;
        this.recorder = recorder;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var exchange = Exchange.of(ctx).over();
        var trace = Exchange.of(ctx).trace();
        decode(ctx, exchange)
                .onSuccess(call -> {
                    if (trace != null) {
                        trace.asked(call.request());
                    }
                })
                .compose(call -> predictor
                        .predict(RequestTimeout.apply(ctx.request(), call.request()), exchange)
                        .onSuccess(response -> {
                            if (trace != null) {
                                trace.answered(response);
                            }
                        })
                        .compose(response -> encode(ctx, call, response, exchange)))
                .compose(answer -> recorder.beforeAnswer(ctx).map(answer))
                .onSuccess(answer -> send(ctx, answer))
                .onFailure(ctx::fail);
    }

    private Future<InferenceCall> decode(RoutingContext ctx, Future<Void> exchange) {
        var request = ctx.request();
        byte[] bytes = Exchange.of(ctx).body();
        var coding = ContentCoding.of(request.getHeader(HttpHeaders.CONTENT_ENCODING));
        var memory = Exchange.of(ctx).memory();
        String jsonLength = BodyContent.single(request, JSON_LENGTH, ErrorCode.INVALID_ARGUMENT);
        String model = ctx.pathParam("model");
        String version = ctx.pathParam("version");
        // A few compressed bytes may be many: they always go to a worker.
        long cost = coding.isPresent() ? Long.MAX_VALUE : bytes.length;
        return work.here(cost, exchange, () -> {
            byte[] plain = coding.isPresent() ? coding.get().decode(bytes, limits.inferenceBodyBytes(), memory) : bytes;
            int jsonBytes = jsonBytes(jsonLength, plain.length);
            return jsonBytes == 0 && jsonLength != null
                    ? RawRequestReader.read(
                            plain, models.require(model, version).metadata(), version)
                    : InferenceRequestReader.read(
                            new RequestBody(plain, jsonBytes, bytesMore -> take(memory, bytesMore)), model, version);
        });
    }

    /** Takes memory for a tensor, or refuses it. */
    static void take(BodyMemory.Share memory, long bytes) {
        if (!memory.take(Math.toIntExact(bytes))) {
            throw BodyReader.noRoom();
        }
    }

    private Future<Answer> encode(
            RoutingContext ctx, InferenceCall call, InferenceResponse response, Future<Void> exchange) {
        var accepted = ContentCoding.accepted(ctx.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
        long bytes = response.outputs().stream()
                .mapToLong(output -> output.data().limit())
                .sum();
        return work.here(bytes, exchange, () -> Answer.of(InferenceResponseWriter.write(response, call), accepted));
    }

    private static void send(RoutingContext ctx, Answer answer) {
        if (ctx.response().ended()) {
            return;
        }
        var response = ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType());
        answer.coding().ifPresent(coding -> response.putHeader(HttpHeaders.CONTENT_ENCODING, coding.header()));
        if (answer.jsonBytes() >= 0) {
            response.putHeader(JSON_LENGTH, String.valueOf(answer.jsonBytes()));
        }
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING).end(answer.body());
    }

    /** How much of the body is JSON: what the header says, or all of it. */
    private static int jsonBytes(@Nullable String header, int bodyBytes) {
        if (header == null) {
            return bodyBytes;
        }
        try {
            int bytes = Integer.parseInt(header.trim());
            if (bytes >= 0 && bytes <= bodyBytes) {
                return bytes;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new ServingException(
                ErrorCode.INVALID_ARGUMENT,
                JSON_LENGTH + " must be an integer from 0 to the body's length, " + bodyBytes);
    }

    /**
     * What goes out.
     *
     * @param jsonBytes length of the JSON in front of binary tensors before compression, -1 where there are none
     */
    private record Answer(Buffer body, int jsonBytes, Optional<ContentCoding> coding) {
        static Answer of(InferenceBody body, Optional<ContentCoding> accepted) {
            var buffer = Buffer.buffer(body.json().array());
            for (var tensor : body.binary()) {
                byte[] bytes = new byte[tensor.remaining()];
                tensor.get(bytes);
                buffer.appendBytes(bytes);
            }
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
