package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.BodyId;
import dev.augur.request.Caller;
import dev.augur.timeline.Stage;
import dev.augur.worker.JsonWork;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path of a request to a pipeline: decodes, lets the pipeline predict each item, encodes. Large JSON is read and
 * written on a worker. Confined to one event loop.
 */
public final class PipelinePath {
    private static final Logger LOG = LoggerFactory.getLogger(PipelinePath.class);

    private final JsonWork work;

    /**
     * A path of one event loop.
     *
     * @param work reads and writes bodies too large for the event loop elsewhere
     */
    public PipelinePath(JsonWork work) {
        this.work = work;
    }

    /**
     * A request as it came.
     *
     * @param endpoint the path or address that was asked
     * @param pipeline which is asked; may throw
     * @param options what else its client asks for; may throw
     */
    public record EncodedRequest(Supplier<Pipeline> pipeline, String endpoint, Body body, Supplier<Options> options) {}

    private record Target(Pipeline pipeline, Options options) {}

    /** A request that was understood. */
    private record DecodedRequest(Target target, PipelineRequest request) {
        boolean explain() {
            return target.options().explain();
        }
    }

    /**
     * The body of a request.
     *
     * @param bytes makes it; called once, where it is decoded
     * @param cost its size, or more where it is dear to make
     */
    public record Body(Callable<byte[]> bytes, long cost) {}

    /**
     * What a client may ask for beside the prediction.
     *
     * @param explain whether the answer tells the features as well
     * @param patience how long the client waits
     */
    public record Options(boolean explain, Duration patience) {
        /**
         * Options as they are given.
         *
         * @param explain none, or once {@code features}
         * @param time {@code null} or zero for no limit of the client's own
         * @throws ServingException {@code INVALID_ARGUMENT} for any other explanation
         */
        public static Options of(List<String> explain, @Nullable Duration time) {
            if (!explain.isEmpty() && !explain.equals(List.of("features"))) {
                throw new ServingException(ErrorCode.INVALID_ARGUMENT, "explain must be features, or not be given");
            }
            return new Options(
                    !explain.isEmpty(), time == null || time.isZero() ? ChronoUnit.FOREVER.getDuration() : time);
        }
    }

    /**
     * What goes out.
     *
     * @param stages how long each item took
     */
    public record EncodedAnswer<T>(T body, List<ItemAnswer.Stages> stages) {
        public EncodedAnswer {
            stages = List.copyOf(stages);
        }
    }

    /**
     * Answers one request. A single item fails as {@link Pipeline#predictAll} does; of several each has its own
     * outcome, and the request as a whole succeeds. Fails with {@code INVALID_ARGUMENT} when the body is no request.
     * Each item has a record of its own.
     *
     * @param pack makes what is sent of the answer, where that is encoded
     */
    public <T> Future<EncodedAnswer<T>> answer(EncodedRequest encoded, Caller caller, Function<JsonObject, T> pack) {
        return decode(encoded, caller)
                .onSuccess(decoded -> caller.leaveRecord())
                .compose(decoded -> {
                    var items = items(encoded, decoded, caller);
                    return decoded.request().many() ? answerAll(decoded, items, pack) : answerOne(decoded, items, pack);
                });
    }

    private Future<DecodedRequest> decode(EncodedRequest encoded, Caller caller) {
        var id = new BodyId();
        var target = target(encoded);
        return work.run(encoded.body().cost(), caller.gone(), () -> {
                    byte[] body = encoded.body().bytes().call();
                    return id.kept(body, () -> decoded(target.call(), body));
                })
                .onSuccess(decoded -> caller.named(decoded.request().name()))
                .onFailure(refusal -> caller.named(id.get()));
    }

    /**
     * Told here, on the event loop, and refused where the body is read: the record is to have the id that stands in
     * that.
     */
    private static Callable<Target> target(EncodedRequest encoded) {
        try {
            var target = new Target(encoded.pipeline().get(), encoded.options().get());
            return () -> target;
        } catch (ServingException refusal) {
            return () -> {
                throw refusal;
            };
        }
    }

    private static DecodedRequest decoded(Target target, byte[] body) {
        int maxItems = target.pipeline().config().limits().maxItems();
        return new DecodedRequest(target, PipelineRequestReader.read(body, maxItems));
    }

    private static ItemsRequest items(EncodedRequest encoded, DecodedRequest decoded, Caller caller) {
        var items = decoded.request().items().stream()
                .map(PipelineRequest.Item::request)
                .filter(Objects::nonNull)
                .toList();
        return new ItemsRequest(
                encoded.endpoint(), items, decoded.target().options().patience(), caller);
    }

    private static <T> Future<EncodedAnswer<T>> answerOne(
            DecodedRequest decoded, ItemsRequest items, Function<JsonObject, T> pack) {
        return decoded.target()
                .pipeline()
                .predictAll(items)
                .get(0)
                .map(answer -> new EncodedAnswer<>(
                        items.caller()
                                .timed(
                                        Stage.ENCODE,
                                        () -> pack.apply(PipelineJson.named(
                                                decoded.request().id(),
                                                PipelineJson.answer(answer, decoded.explain())))),
                        List.of(answer.stages())));
    }

    private <T> Future<EncodedAnswer<T>> answerAll(
            DecodedRequest decoded, ItemsRequest items, Function<JsonObject, T> pack) {
        var request = decoded.request();
        boolean explain = decoded.explain();
        request.items().forEach(item -> {
            if (item.fault() != null) {
                decoded.target().pipeline().refused(item.id(), item.fault(), items);
            }
        });
        var answers = decoded.target().pipeline().predictAll(items);
        var caller = items.caller();
        return Future.join(answers)
                .transform(over -> {
                    long bytes = PipelineJson.bytes(answers, explain);
                    return bytes > work.eventLoopBytes() && !caller.answer().take(bytes)
                            ? Future.failedFuture(caller.answer().noRoom())
                            : work.run(
                                    bytes,
                                    caller.gone(),
                                    () -> caller.timed(
                                            Stage.ENCODE,
                                            () -> pack.apply(bodies(request, items.items(), answers, explain))));
                })
                .map(body -> new EncodedAnswer<>(body, stages(answers)));
    }

    private static JsonObject bodies(
            PipelineRequest request, List<ItemRequest> items, List<Future<ItemAnswer>> answers, boolean explain) {
        var bodies = new JsonArray();
        int next = 0;
        for (PipelineRequest.Item item : request.items()) {
            var fault = item.fault();
            if (fault != null) {
                bodies.add(PipelineJson.fault(item.id(), fault));
                continue;
            }
            var answer = answers.get(next);
            var id = items.get(next++).itemId();
            if (answer.succeeded()) {
                bodies.add(PipelineJson.answer(answer.result(), explain));
            } else {
                bodies.add(PipelineJson.fault(id, logged(answer.cause())));
            }
        }
        return PipelineJson.named(request.id(), new JsonObject().put("items", bodies));
    }

    private static Throwable logged(Throwable failure) {
        if (!(failure instanceof ServingException)) {
            LOG.error("an item failed", failure);
        }
        return failure;
    }

    private static List<ItemAnswer.Stages> stages(List<Future<ItemAnswer>> answers) {
        var stages = new ArrayList<ItemAnswer.Stages>();
        answers.stream()
                .filter(Future::succeeded)
                .forEach(answer -> stages.add(answer.result().stages()));
        return stages;
    }
}
