package dev.augur.pipeline;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureRow;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.Priority;
import dev.augur.predictionlog.recording.Recording;
import dev.augur.request.HttpStatus;
import dev.augur.tensor.Tensor;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One item on its way: begun, looked up, predicted, recorded. It ends once, with the fields of its answer or with a
 * failure, by whatever comes first: the store, the model, the time, or the caller, who leaves; what comes later changes
 * nothing. Confined to the request's event loop.
 */
final class Item {
    private final Pipeline.Steps steps;
    private final PipelineConfig config;
    private final ItemsRequest request;
    private final ItemRequest item;
    private final Promise<Map<String, Object>> end = Promise.promise(); // of several that want to, one completes it
    private final Promise<ItemAnswer> answer = Promise.promise(); // there before the item has begun
    private @Nullable ItemDraft draft; // once begun
    private FeatureRow row; // nothing until looked up

    Item(Pipeline.Steps steps, PipelineConfig config, ItemsRequest request, ItemRequest item) {
        this.steps = steps;
        this.config = config;
        this.request = request;
        this.item = item;
        this.row = new FeatureRow(item.itemId(), Map.of());
    }

    /** The first stage, which every item reaches, also one that has ended: from here on it is recorded and answered. */
    void begin() {
        var begun = new ItemDraft(config, item, steps.record(config, request), request.patience());
        draft = begun;
        var timeline = request.caller().timeline();
        var mine = timeline == null ? null : timeline.item(item.itemId());
        if (mine != null) {
            begun.follow(mine);
            end.future().onFailure(failure -> mine.failed(status(failure)));
        }
        answered(begun).onComplete(answer);
    }

    /** Ends it, unless it has ended. */
    void fail(Throwable failure) {
        end.tryFail(failure);
    }

    /** Completes when it has ended. */
    Future<?> ended() {
        return end.future();
    }

    /** Its answer, once what has to be recorded before that is. */
    Future<ItemAnswer> answer() {
        return answer.future();
    }

    Object id() {
        return item.itemId();
    }

    /**
     * What the store is to be asked for: not what the request gives itself, and nothing for an item that has ended or
     * is refused here.
     */
    Set<String> missing(ModelBinding bound) {
        var refusal = bound.refusal(item);
        if (refusal != null) {
            fail(refusal);
        }
        if (over()) {
            return Set.of();
        }
        var given = item.features().keySet();
        var features = bound.inputs().features();
        return given.isEmpty()
                ? features
                : features.stream().filter(name -> !given.contains(name)).collect(Collectors.toSet());
    }

    /** The second stage; false if it has ended. */
    boolean lookedUp(AsyncResult<FeatureRow> found) {
        draft().lookedUp();
        if (found.failed()) {
            fail(found.cause());
        }
        if (over()) {
            return false;
        }
        row = found.result().withOverrides(item.features());
        draft().fetched(row);
        return true;
    }

    /** The third stage. Completes when the model is done with it and its answer may leave. */
    @CanIgnoreReturnValue // its answer has the outcome
    Future<?> predict(ModelBinding bound) {
        if (over()) {
            return answer.future(); // nobody waits for it any more
        }
        var predicted = Future.<Void>succeededFuture()
                .compose(now -> infer(bound))
                .onSuccess(draft()::predicted)
                .map(response -> bound.outputs().of(response.outputs()))
                .onSuccess(draft()::answered)
                .onSuccess(end::tryComplete)
                .onFailure(end::tryFail);
        return Future.join(predicted, answer.future());
    }

    private static int status(Throwable failure) {
        var known = failure instanceof ServingException serving ? serving : HttpStatus.hidden();
        return HttpStatus.of(/* protocol= */ false, known);
    }

    private boolean over() {
        return end.future().isComplete();
    }

    private ItemDraft draft() {
        return Objects.requireNonNull(draft, "it has not begun");
    }

    private Future<InferenceResponse> infer(ModelBinding bound) {
        var inputs = bound.inputs().row(row, steps.lookup()::unusable);
        draft().assembled(inputs);
        return steps.predictor()
                .predict(inference(bound, inputs), request.caller().gone())
                .recover(failure -> Future.failedFuture(
                        failure instanceof ServingException known ? Pipeline.translated(config, known) : failure));
    }

    private InferenceRequest inference(ModelBinding bound, List<Tensor> inputs) {
        return new InferenceRequest(
                /* id= */ null,
                config.model(),
                bound.metadata().version(),
                inputs,
                bound.outputs().wanted(),
                draft().left(),
                Priority.DEFAULT);
    }

    /** The last stage: it is recorded, and answered when it may be. */
    private Future<ItemAnswer> answered(ItemDraft begun) {
        var prediction = new Recording.Prediction<>(
                begun.record(), end.future(), request.caller().gone(), begun::left);
        return steps.recording().recorded(config.delivery(), prediction).map(begun::answer);
    }
}
