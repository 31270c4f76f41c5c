package dev.augur.serving;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.pipeline.ItemAnswer;
import dev.augur.pipeline.ItemRequest;
import dev.augur.pipeline.Pipeline;
import dev.augur.pipeline.PipelineCaller;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path of a request to a pipeline: decodes, lets the pipeline predict each item, encodes. Large JSON is read and written on a worker.
 * Confined to one event loop.
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
     * @param wish what else its client asks for
     */
    public record Question(Pipeline pipeline, String endpoint, Body body, Wish wish) {}

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
    public record Wish(boolean explain, Duration patience) {
        /**
         * Wishes as they are put.
         *
         * @param explain none, or once {@code features}
         * @param time empty or zero for no limit of the client's own
         * @throws ServingException {@code INVALID_ARGUMENT} for any other explanation
         */
        public static Wish of(List<String> explain, Optional<Duration> time) {
            if (!explain.isEmpty() && !explain.equals(List.of("features"))) {
                throw new ServingException(ErrorCode.INVALID_ARGUMENT, "explain must be features, or not be given");
            }
            return new Wish(
                    !explain.isEmpty(), time.filter(given -> !given.isZero()).orElse(ChronoUnit.FOREVER.getDuration()));
        }
    }

    /**
     * What goes out.
     *
     * @param stages how long each item took
     */
    public record Answer<T>(T body, List<ItemAnswer.Stages> stages) {
        public Answer {
            stages = List.copyOf(stages);
        }
    }

    /**
     * Answers one request. A single item fails as {@link Pipeline#predictAll} does; of several each has its own outcome, and the request
     * as a whole succeeds. Fails with {@code INVALID_ARGUMENT} when the body is no request. Each item has a record of its own.
     *
     * @param pack makes what is sent of the answer, where that is encoded
     */
    public <T> Future<Answer<T>> answer(Question question, Caller caller, Function<JsonObject, T> pack) {
        int maxItems = question.pipeline().config().limits().maxItems();
        return work.here(
                        question.body().cost(),
                        caller.exchange(),
                        () -> PipelineRequestReader.read(question.body().bytes().call(), maxItems))
                .onSuccess(request -> caller.leaveRecord())
                .compose(request -> request.many()
                        ? answerAll(question, request, caller, pack)
                        : answerOne(question, request, caller, pack));
    }

    private static <T> Future<Answer<T>> answerOne(
            Question question, PipelineRequest request, Caller caller, Function<JsonObject, T> pack) {
        var item = Objects.requireNonNull(request.items().get(0).request());
        return question.pipeline()
                .predictAll(List.of(item), asking(question, caller))
                .get(0)
                .map(answer -> new Answer<>(
                        pack.apply(PipelineJson.answer(answer, question.wish().explain())), List.of(answer.stages())));
    }

    private <T> Future<Answer<T>> answerAll(
            Question question, PipelineRequest request, Caller caller, Function<JsonObject, T> pack) {
        var items = request.items().stream()
                .map(PipelineRequest.Item::request)
                .filter(Objects::nonNull)
                .toList();
        boolean explain = question.wish().explain();
        var asking = asking(question, caller);
        request.items().forEach(item -> {
            if (item.fault() != null) {
                question.pipeline().refused(item.id(), item.fault(), asking);
            }
        });
        var answers = question.pipeline().predictAll(items, asking);
        return Future.join(answers)
                .transform(over -> work.here(
                        PipelineJson.bytes(answers, explain),
                        caller.exchange(),
                        () -> pack.apply(bodies(request, items, answers, explain))))
                .map(body -> new Answer<>(body, stages(answers)));
    }

    private static PipelineCaller asking(Question question, Caller caller) {
        return new PipelineCaller(
                question.endpoint(), caller.traceId(), question.wish().patience(), caller.exchange());
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
        return new JsonObject().put("items", bodies);
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
