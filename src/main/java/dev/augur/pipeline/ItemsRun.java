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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The items of one request on their way: their features are asked for together, as many as the store takes at once; a single item goes
 * to the model when it has its own, those of a list by turns. Confined to the request's event loop.
 */
final class ItemsRun {
    private static final int ITEMS_OF_A_TURN = 32; // the event loop has other requests, too
    private static final int MOST_OF_A_FETCH = 1_000;
    private static final int NOT_PAUSED = -1;

    private final Pipeline.Parts parts;
    private final PipelineConfig config;
    private final Request request;
    private final Context loop;
    private final List<Promise<ItemAnswer>> answers; // there before the items are, which are made some at a time
    private final List<Item> items = new ArrayList<>();
    private @Nullable ServingException end; // what items get that have no outcome yet
    private Runnable atEnd = () -> {}; // when every item has an outcome
    private int open; // items without an outcome
    private int asked; // items whose features are on their way
    private int paused = NOT_PAUSED; // the first item whose features are asked for once there is room

    /** What is asked, and how long it may take. */
    record Request(List<ItemRequest> items, Duration timeout, PipelineCaller caller) {
        Future<Void> exchange() {
            return caller.exchange();
        }
    }

    /**
     * What the items go through.
     *
     * @param places how many items of lists may be at the model
     */
    record Plan(ModelBinding bound, int places) {}

    /** One item; its outcome is a promise, because the time may end before the store and the model answer. */
    private final class Item {
        private final ItemDraft draft;
        private final Promise<Map<String, Object>> outcome = Promise.promise();
        private final Future<ItemAnswer> answer;

        private Item(ItemRequest item) {
            this.draft = new ItemDraft(config, item, parts.record(config, request.caller()), request.timeout());
            this.answer = answer(draft, outcome.future());
        }

        private boolean over() {
            return outcome.future().isComplete();
        }
    }

    ItemsRun(Pipeline.Parts parts, PipelineConfig config, Request request) {
        this.parts = parts;
        this.config = config;
        this.request = request;
        this.loop = parts.vertx().getOrCreateContext();
        this.answers = request.items().stream()
                .map(item -> Promise.<ItemAnswer>promise())
                .toList();
        this.open = answers.size();
    }

    /** The answers, in the order of the items; each completes on the request's event loop. */
    List<Future<ItemAnswer>> begin(Supplier<Plan> plan) {
        Runnable whenOver = () -> {};
        Runnable whenMade = () -> {};
        try {
            whenOver = requireRoom();
            var known = plan.get();
            var line = new ItemLine(loop, parts.turnstile(), known.places());
            whenMade = () -> ask(0, known, line);
        } catch (ServingException refusal) {
            end = refusal;
        }
        limitTime(whenOver);
        make(whenMade);
        return answers.stream().map(Promise::future).toList();
    }

    /** Gives back what to do with each outcome. */
    private Runnable requireRoom() {
        if (single()) {
            return () -> {};
        }
        int most = config.limits().maxWaiting();
        if (!parts.turnstile().admit(answers.size(), most)) {
            throw new ServingException(
                    ErrorCode.OVERLOADED,
                    "pipeline \"" + config.name() + "\": with these more than " + most + " items would wait");
        }
        request.exchange()
                .onFailure(left -> failAll(
                        new ServingException(ErrorCode.CANCELLED, "the client left before the prediction began")));
        return () -> parts.turnstile().over(answers.size());
    }

    private void limitTime(Runnable whenOver) {
        long millis = request.timeout().toMillis();
        long timer = parts.vertx()
                .setTimer(
                        Math.max(1, millis),
                        late -> failAll(new ServingException(
                                ErrorCode.DEADLINE_EXCEEDED,
                                "pipeline \"" + config.name() + "\" did not answer within " + millis + " ms")));
        atEnd = () -> {
            parts.vertx().cancelTimer(timer);
            whenOver.run();
        };
    }

    /** Some items in each turn of the event loop. */
    private void make(Runnable whenMade) {
        int to = Math.min(answers.size(), items.size() + ITEMS_OF_A_TURN);
        while (items.size() < to) {
            var item = new Item(request.items().get(items.size()));
            item.outcome.future().onComplete(over -> ended());
            item.answer.onComplete(answers.get(items.size()));
            items.add(item);
            if (end != null) {
                item.outcome.tryFail(end);
            }
        }
        if (to < answers.size()) {
            loop.runOnContext(turn -> make(whenMade));
        } else {
            whenMade.run();
        }
    }

    private void ended() {
        open--;
        if (open == 0) {
            atEnd.run();
        }
    }

    private boolean single() {
        return answers.size() == 1;
    }

    private void failAll(ServingException failure) {
        if (end == null) {
            end = failure;
            items.forEach(item -> item.outcome.tryFail(failure));
        }
    }

    /** Asks for the features of as many items as one fetch takes; of the next in another turn, when they can be on their way, too. */
    private void ask(int from, Plan plan, ItemLine line) {
        int to = Math.min(items.size(), from + itemsOfAnAsk());
        var waiting = new ArrayList<Item>(to - from);
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
                waiting.add(item);
                wanted.add(new Wanted(item.draft.item().itemId(), features));
            }
        }
        asked += waiting.size();
        var rows = parts.lookup().fetchEach(wanted);
        for (int i = 0; i < rows.size(); i++) {
            var item = waiting.get(i);
            rows.get(i).onComplete(row -> {
                asked--;
                goOn(plan, line);
                fetched(item, row, plan, line);
            });
        }
        paused = to < items.size() ? to : NOT_PAUSED;
        goOn(plan, line);
    }

    private void goOn(Plan plan, ItemLine line) {
        if (paused != NOT_PAUSED
                && (asked == 0 || asked + itemsOfAnAsk() <= parts.lookup().width())) {
            int next = paused;
            paused = NOT_PAUSED;
            loop.runOnContext(turn -> ask(next, plan, line));
        }
    }

    /** What one fetch takes, or several small ones, but no more than the event loop can begin in one go. */
    private int itemsOfAnAsk() {
        int keys = Math.min(parts.lookup().maxKeys(), MOST_OF_A_FETCH);
        return keys * Math.max(1, ITEMS_OF_A_TURN / keys);
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
        var inference = new InferenceRequest(
                /* id= */ null,
                config.model(),
                bound.metadata().version(),
                inputs,
                bound.outputs().wanted(),
                draft.left(),
                Priority.DEFAULT);
        return parts.predictor().predict(inference, request.exchange());
    }

    private Future<ItemAnswer> answer(ItemDraft draft, Future<Map<String, Object>> outcome) {
        var predicted = outcome.recover(failure -> Future.failedFuture(Pipeline.translated(config, failure)));
        if (config.delivery() == Delivery.OFF) {
            return predicted.map(draft::answer);
        }
        if (config.delivery() == Delivery.AFTER_ANSWER) {
            parts.log().append(draft.recordAfter(predicted, request.exchange()));
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
        parts.log().append(draft.recordAfter(Future.failedFuture(failure), request.exchange()));
        return Future.failedFuture(failure);
    }
}
