package dev.augur.request;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.Predictor;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.recording.Recorder;
import dev.augur.protocol.Classification;
import dev.augur.protocol.InferenceBody;
import dev.augur.protocol.InferenceCall;
import dev.augur.protocol.InferenceRequestReader;
import dev.augur.protocol.InferenceResponseWriter;
import dev.augur.protocol.RawRequestReader;
import dev.augur.protocol.RequestBody;
import dev.augur.protocol.RequestJson;
import dev.augur.tensor.Tensor;
import dev.augur.timeline.Stage;
import dev.augur.worker.JsonWork;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The path of an inference request: decodes, predicts, encodes, and waits for the record where that is wanted. What
 * would hold the event loop for long is decoded and encoded on a worker. Confined to one event loop.
 */
public final class InferencePath {
    /** The header that says how many bytes of a body are JSON; behind them are binary tensors. */
    public static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private static final int OK = 200;

    /** Memory that a byte of a tensor takes while its classes are sorted. */
    private static final int CLASSIFIED_BYTES = 16;

    /** About how many bytes of JSON a byte of a tensor makes. */
    private static final int JSON_BYTES = 2;

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
    public record EncodedRequest(
            String model, @Nullable String version, Body body, Supplier<Optional<Duration>> timeout) {}

    /**
     * The body of a request.
     *
     * @param bytes makes it; called once, where it is decoded
     * @param cost its size, or more where it is dear to make
     * @param jsonLength value of the header {@link #JSON_LENGTH}; {@code null} if all of it is JSON
     */
    public record Body(Callable<byte[]> bytes, long cost, @Nullable String jsonLength) {}

    /**
     * Answers one request. Fails as {@link Predictor#predict} does; with {@code INVALID_ARGUMENT} when the body is no
     * request, {@code OVERLOADED} when there is no memory or worker to decode it, {@code NOT_READY} when the answer is
     * to wait for its record and that is not acknowledged.
     *
     * @param pack makes what is sent of the answer, where that is encoded
     */
    public <T> Future<T> answer(EncodedRequest encoded, Caller caller, Function<InferenceBody, T> pack) {
        return then(
                decode(encoded, caller),
                call -> then(
                        predict(encoded, call, caller),
                        response -> then(
                                encode(call, noted(response, caller), caller, pack),
                                answer -> recorder.beforeAnswer(caller.trace(), OK)
                                        .map(answer))));
    }

    /** As {@link Future#compose}, without a layer of futures where all is there already, as it mostly is. */
    private static <A, B> Future<B> then(Future<A> first, Function<A, Future<B>> next) {
        if (!first.succeeded()) {
            return first.compose(next);
        }
        try {
            return next.apply(first.result());
        } catch (Throwable failure) { // as compose does
            return Future.failedFuture(failure);
        }
    }

    private Future<InferenceCall> decode(EncodedRequest encoded, Caller caller) {
        var id = new BodyId();
        return work.run(encoded.body().cost(), caller.gone(), () -> read(encoded, caller.memory(), id))
                .onComplete(call -> caller.named(call.request().id()), refusal -> caller.named(id.get()));
    }

    private InferenceCall read(EncodedRequest encoded, BodyMemory.Share memory, BodyId id) throws Exception {
        byte[] bytes = encoded.body().bytes().call();
        return id.kept(bytes, () -> read(encoded, memory, bytes));
    }

    private InferenceCall read(EncodedRequest encoded, BodyMemory.Share memory, byte[] body) {
        byte[] bytes = body;
        String jsonLength = encoded.body().jsonLength();
        if (jsonLength == null) {
            bytes = RequestJson.utf8(bytes);
        }
        int jsonBytes = jsonBytes(jsonLength, bytes.length);
        return jsonBytes == 0 && jsonLength != null
                ? RawRequestReader.read(
                        bytes,
                        models.require(encoded.model(), encoded.version()).metadata(),
                        encoded.version())
                : InferenceRequestReader.read(
                        new RequestBody(bytes, jsonBytes, memory::require), encoded.model(), encoded.version());
    }

    private Future<InferenceResponse> predict(EncodedRequest encoded, InferenceCall call, Caller caller) {
        var trace = caller.trace();
        if (trace != null) {
            trace.asked(call.request(), call.texts());
        }
        InferenceRequest request =
                encoded.timeout().get().map(call.request()::within).orElse(call.request());
        return predictor.predict(request, caller.gone());
    }

    private static InferenceResponse noted(InferenceResponse response, Caller caller) {
        if (caller.trace() != null) {
            caller.trace().answered(response);
        }
        if (caller.timeline() != null) {
            response.tell(caller.timeline());
        }
        return response;
    }

    private <T> Future<T> encode(
            InferenceCall call, InferenceResponse response, Caller caller, Function<InferenceBody, T> pack) {
        long raw = 0;
        for (Tensor output : response.outputs()) {
            raw += output.data().limit();
        }
        long bytes = call.classifications().isEmpty() ? raw : raw * CLASSIFIED_BYTES;
        if (bytes > work.eventLoopBytes() && !caller.answer().take(bytes * (1 + JSON_BYTES))) {
            return Future.failedFuture(caller.answer().noRoom());
        }
        return work.run(
                bytes,
                caller.gone(),
                () -> caller.timed(
                        Stage.ENCODE, () -> pack.apply(InferenceResponseWriter.write(formed(response, call), call))));
    }

    /** The answer with the outputs as classes that are wanted so. */
    private InferenceResponse formed(InferenceResponse response, InferenceCall call) {
        return call.classifications().isEmpty()
                ? response
                : Classification.applied(
                        response,
                        call,
                        models.require(response.model(), response.version()).metadata());
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
