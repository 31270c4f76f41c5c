package dev.augur.pipeline;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureLookup.Wanted;
import dev.augur.feature.FeatureRow;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.Priority;
import dev.augur.predictionlog.Delivery;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The items of one request on their way: their features are asked for together, as many as the store takes at once; a single item goes
 * to the model when it has its own, those of a list by turns. Confined to the request's event loop.
 */
final class ItemsRun {
    private static final int FEWEST_OF_A_FETCH = 32;
    private static final int MOST_OF_A_FETCH = 1_000; // so many the event loop begins in one go

    private final Pipeline.Parts parts;
    private final PipelineConfig config;
    private final Future<Void> exchange;
    private final List<Item> items = new ArrayList<>();
    private final Context loop;
    private int open; // items without an outcome

    /** One item; its outcome is a promise, because the time may end before the store and the model answer. */
    private final class Item {
        private final ItemDraft draft;
        private final Promise<Map<String, Object>> outcome = Promise.promise();
        private final Future<ItemAnswer> answer;

        private Item(ItemDraft draft) {
            this.draft = draft;
            this.answer = answer(draft, outcome.future());
        }

        private boolean over() {
            return outcome.future().isComplete();
        }
    }

    /**
     * What the items go through.
     *
     * @param places how many items of lists may be at the model
     */
    record Plan(ModelBinding bound, int places) {}

    ItemsRun(Pipeline.Parts parts, PipelineConfig config, List<ItemDraft> drafts, Future<Void> exchange) {
        this.parts = parts;
        this.config = config;
        this.exchange = exchange;
        this.loop = parts.vertx().getOrCreateContext();
        drafts.forEach(draft -> items.add(new Item(draft)));
        this.open = items.size();
    }

    /** The answers, in the order of the items; each completes on the request's event loop. */
    List<Future<ItemAnswer>> begin(Supplier<Plan> plan) {
        try {
            requireRoom();
            limitTime();
            var known = plan.get();
            ask(0, known, new ItemLine(loop, parts.turnstile(), known.places()));
        } catch (ServingException refusal) {
            failAll(refusal);
        }
        return items.stream().map(item -> item.answer).toList();
    }

    private void requireRoom() {
        if (single()) {
            return;
        }
        int most = config.limits().maxWaiting();
        if (!parts.turnstile().admit(items.size(), most)) {
            throw new ServingException(
                    ErrorCode.OVERLOADED,
                    "pipeline \"" + config.name() + "\": with these more than " + most + " items would wait");
        }
        items.forEach(item ->
                item.outcome.future().onComplete(over -> parts.turnstile().over(1)));
        exchange.onFailure(left ->
                failAll(new ServingException(ErrorCode.CANCELLED, "the client left before the prediction began")));
    }

    private void limitTime() {
        var timeout = items.get(0).draft.timeout();
        var late = new ServingException(
                ErrorCode.DEADLINE_EXCEEDED,
                "pipeline \"" + config.name() + "\" did not answer within " + timeout.toMillis() + " ms");
        long timer = parts.vertx().setTimer(Math.max(1, timeout.toMillis()), end -> failAll(late));
        items.forEach(item -> item.outcome.future().onComplete(over -> {
            open--;
            if (open == 0) {
                parts.vertx().cancelTimer(timer);
            }
        }));
    }

    private boolean single() {
        return items.size() == 1;
    }

    private void failAll(ServingException failure) {
        items.forEach(item -> item.outcome.tryFail(failure));
    }

    /** Asks for the features of as many items as can be on their way, then for those of the next. */
    private void ask(int from, Plan plan, ItemLine line) {
        long most = Math.max(
                FEWEST_OF_A_FETCH, Math.min(MOST_OF_A_FETCH, parts.lookup().width()));
        int to = (int) Math.min(items.size(), from + most);
        var asked = new ArrayList<Item>(to - from);
        var wanted = new ArrayList<Wanted>(to - from);
        for (Item item : items.subList(from, to)) {
            var refusal = plan.bound().refusal(item.draft.item());
            var features = missing(item, plan.bound());
            if (refusal != null) {
                item.outcome.tryFail(refusal);
            } else if (features.isEmpty()) {
                var nothing = new FeatureRow(item.draft.item().itemId(), Map.of());
                fetched(item, Future.succeededFuture(nothing), plan, line);
            } else {
                asked.add(item);
                wanted.add(new Wanted(item.draft.item().itemId(), features));
            }
        }
        var rows = parts.lookup().fetchEach(wanted);
        for (int i = 0; i < rows.size(); i++) {
            var item = asked.get(i);
            rows.get(i).onComplete(row -> fetched(item, row, plan, line));
        }
        if (to < items.size()) {
            Future.join(rows).onComplete(over -> loop.runOnContext(later -> ask(to, plan, line)));
        }
    }

    /** What the request gives itself is not asked of the store; nothing is asked for an item that has an outcome already. */
    private Set<String> missing(Item item, ModelBinding bound) {
        var features = bound.inputs().features();
        var given = item.draft.item().features().keySet();
        if (item.over()) {
            return Set.of();
        }
        return given.isEmpty()
                ? features
                : features.stream().filter(name -> !given.contains(name)).collect(Collectors.toSet());
    }

    private void fetched(Item item, AsyncResult<FeatureRow> result, Plan plan, ItemLine line) {
        if (result.failed()) {
            item.outcome.tryFail(result.cause());
        } else if (!item.over()) {
            var row = result.result().withOverrides(item.draft.item().features());
            item.draft.fetched(row);
            if (single()) {
                predict(item, plan.bound(), row);
            } else {
                line.add(() -> Future.join(predict(item, plan.bound(), row), item.answer));
            }
        }
    }

    @CanIgnoreReturnValue // the item's outcome has it
    private Future<?> predict(Item item, ModelBinding bound, FeatureRow row) {
        if (item.over()) {
            return Future.succeededFuture(); // nobody waits for it any more
        }
        var draft = item.draft;
        return Future.<Void>succeededFuture()
                .compose(now -> predicted(draft, bound, row))
                .onSuccess(draft::predicted)
                .map(response -> bound.outputs().of(response.outputs()))
                .onSuccess(draft::answered)
                .onSuccess(item.outcome::tryComplete)
                .onFailure(item.outcome::tryFail);
    }

    private Future<InferenceResponse> predicted(ItemDraft draft, ModelBinding bound, FeatureRow row) {
        var inputs = bound.inputs().row(row);
        draft.assembled(inputs);
        var request = new InferenceRequest(
                /* id= */ null,
                config.model(),
                bound.metadata().version(),
                inputs,
                bound.outputs().wanted(),
                draft.left(),
                Priority.DEFAULT);
        return parts.predictor().predict(request, exchange);
    }

    private Future<ItemAnswer> answer(ItemDraft draft, Future<Map<String, Object>> outcome) {
        var predicted = outcome.recover(failure -> Future.failedFuture(Pipeline.translated(config, failure)));
        if (config.delivery() == Delivery.OFF) {
            return predicted.map(draft::answer);
        }
        if (config.delivery() == Delivery.AFTER_ANSWER) {
            parts.log().append(draft.recordAfter(predicted, exchange));
            return predicted.map(draft::answer);
        }
        return predicted.transform(
                ended -> ended.succeeded() ? recorded(draft, ended.result()) : refused(draft, ended.cause()));
    }

    /** The answer leaves once its record is acknowledged. */
    private Future<ItemAnswer> recorded(ItemDraft draft, Map<String, Object> fields) {
        return parts.log()
                .append(Future.succeededFuture(draft.record()))
                .timeout(Math.max(1, draft.left().toMillis()), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        new ServingException(ErrorCode.NOT_READY, "the prediction log does not take records now")))
                .map(acknowledged -> {
                    draft.acknowledged();
                    return draft.answer(fields);
                });
    }

    /** Nobody waits for the record of a request that failed. */
    private Future<ItemAnswer> refused(ItemDraft draft, Throwable failure) {
        parts.log().append(draft.recordAfter(Future.failedFuture(failure), exchange));
        return Future.failedFuture(failure);
    }
}
