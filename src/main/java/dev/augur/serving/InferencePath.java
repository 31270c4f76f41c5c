package dev.augur.serving;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceRequest;
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
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The path of an inference request: decodes, predicts, encodes, and waits for the record where that is wanted. What would hold the event
 * loop for long is decoded and encoded on a worker. Confined to one event loop.
 */
public final class InferencePath {
    /** The header that says how many bytes of a body are JSON; behind them are binary tensors. */
    public static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private static final int OK = 200;

    private final Predictor predictor;
    private final ModelRegistry models;
    private final JsonWork work;
    private final Recorder recorder;

    /**
     * A path of one event loop.
     *
     * @param work reads and writes bodies too large for the event loop elsewhere
     */
    public InferencePath(Predictor predictor, ModelRegistry models, JsonWork work, Recorder recorder) {
        this.predictor = predictor;
        this.models = models;
        this.work = work;
        this.recorder = recorder;
    }

    /**
     * A request as it came.
     *
     * @param version {@code null} leaves the choice to the server
     * @param timeout how long its client waits, if it says so; may throw
     */
    public record Question(String model, @Nullable String version, Body body, Supplier<Optional<Duration>> timeout) {}

    /**
     * The body of a request.
     *
     * @param bytes makes it; called once, where it is decoded
     * @param cost its size, or more where it is dear to make
     * @param jsonLength value of the header {@link #JSON_LENGTH}; {@code null} if all of it is JSON
     */
    public record Body(Callable<byte[]> bytes, long cost, @Nullable String jsonLength) {}

    /**
     * Answers one request. Fails as {@link Predictor#predict} does; with {@code INVALID_ARGUMENT} when the body is no request,
     * {@code OVERLOADED} when there is no memory or worker to decode it, {@code NOT_READY} when the answer is to wait for its record and
     * that is not acknowledged.
     *
     * @param pack makes what is sent of the answer, where that is encoded
     */
    public <T> Future<T> answer(Question question, Caller caller, Function<InferenceBody, T> pack) {
        return decode(question, caller)
                .compose(call ->
                        predict(question, call, caller).compose(response -> encode(call, response, caller, pack)))
                .compose(answer -> recorder.beforeAnswer(caller.trace(), OK).map(answer));
    }

    /** The bytes of an answer: the JSON, and behind it the binary tensors. */
    public static Buffer bytes(InferenceBody body) {
        var buffer = Buffer.buffer(body.json().array());
        for (var tensor : body.binary()) {
            byte[] bytes = new byte[tensor.remaining()];
            tensor.get(bytes);
            buffer.appendBytes(bytes);
        }
        return buffer;
    }

    private Future<InferenceCall> decode(Question question, Caller caller) {
        return work.here(question.body().cost(), caller.exchange(), () -> read(question, caller.memory()));
    }

    private InferenceCall read(Question question, BodyMemory.Share memory) throws Exception {
        byte[] bytes = question.body().bytes().call();
        String jsonLength = question.body().jsonLength();
        int jsonBytes = jsonBytes(jsonLength, bytes.length);
        return jsonBytes == 0 && jsonLength != null
                ? RawRequestReader.read(
                        bytes,
                        models.require(question.model(), question.version()).metadata(),
                        question.version())
                : InferenceRequestReader.read(
                        new RequestBody(bytes, jsonBytes, memory::require), question.model(), question.version());
    }

    private Future<InferenceResponse> predict(Question question, InferenceCall call, Caller caller) {
        var trace = caller.trace();
        if (trace != null) {
            trace.asked(call.request());
        }
        InferenceRequest request =
                question.timeout().get().map(call.request()::within).orElse(call.request());
        return predictor.predict(request, caller.exchange()).onSuccess(response -> {
            if (trace != null) {
                trace.answered(response);
            }
        });
    }

    private <T> Future<T> encode(
            InferenceCall call, InferenceResponse response, Caller caller, Function<InferenceBody, T> pack) {
        long bytes = response.outputs().stream()
                .mapToLong(output -> output.data().limit())
                .sum();
        return work.here(bytes, caller.exchange(), () -> pack.apply(InferenceResponseWriter.write(response, call)));
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
}
