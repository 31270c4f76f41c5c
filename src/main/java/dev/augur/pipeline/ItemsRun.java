package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The items of one request: each is an {@link Item}, which ends once and by itself. They are begun some at a time, then
 * {@link ItemLookups} asks for their features; a single item goes to the model when it has its own, those of a list by
 * turns, through {@link ItemLine}. When the time is over, or the caller of a list leaves, those that have not ended
 * fail. Confined to the request's event loop.
 */
final class ItemsRun {
    private static final int ITEMS_OF_A_TURN = 32; // the event loop has other requests, too

    private final Pipeline.Steps steps;
    private final PipelineConfig config;
    private final ItemsRequest request;
    private final Context loop;
    private final List<Item> items;

    /**
     * What the items go through.
     *
     * @param places how many items of lists may be at the model
     */
    record Plan(ModelBinding bound, int places) {}

    ItemsRun(Pipeline.Steps steps, PipelineConfig config, ItemsRequest request) {
        this.steps = steps;
        this.config = config;
        this.request = request;
        this.loop = steps.vertx().getOrCreateContext();
        this.items = request.items().stream()
                .map(item -> new Item(steps, config, request, item))
                .toList();
    }

    /**
     * The answers, in the order of the items; each completes on the request's event loop.
     *
     * @param plan asked once the items are admitted; throws a {@link ServingException} when the model cannot be used
     */
    List<Future<ItemAnswer>> begin(Supplier<Plan> plan) {
        Future<?> ended = Future.join(items.stream().map(Item::ended).toList());
        limitTime(ended);
        begin(0, planned(plan, ended));
        return items.stream().map(Item::answer).toList();
    }

    private void limitTime(Future<?> ended) {
        long millis = request.patience().toMillis();
        long timer = steps.vertx()
                .setTimer(
                        Math.max(1, millis),
                        late -> failAll(
                                ErrorCode.DEADLINE_EXCEEDED,
                                "pipeline \"" + config.name() + "\" did not answer within " + millis + " ms"));
        ended.onComplete(over -> steps.vertx().cancelTimer(timer));
    }

    /** {@code null} if there is no way for them: then all have failed. */
    private @Nullable Plan planned(Supplier<Plan> plan, Future<?> ended) {
        try {
            if (list()) {
                admit(ended);
            }
            return plan.get();
        } catch (ServingException refusal) {
            items.forEach(item -> item.fail(refusal));
            return null;
        }
    }

    private void admit(Future<?> ended) {
        int most = config.limits().maxWaiting();
        if (!steps.turnstile().admit(items.size(), most)) {
            throw new ServingException(
                    ErrorCode.OVERLOADED,
                    "pipeline \"" + config.name() + "\": with these more than " + most + " items would wait");
        }
        ended.onComplete(over -> steps.turnstile().over(items.size()));
        request.caller()
                .gone()
                .onFailure(left -> failAll(ErrorCode.CANCELLED, "the client left before the prediction began"));
    }

    private void begin(int first, @Nullable Plan plan) {
        int to = Math.min(items.size(), first + ITEMS_OF_A_TURN);
        items.subList(first, to).forEach(Item::begin);
        if (to < items.size()) {
            loop.runOnContext(turn -> begin(to, plan));
        } else if (plan != null) {
            lookUp(plan);
        }
    }

    private void lookUp(Plan plan) {
        var bound = plan.bound();
        var line = new ItemLine(loop, steps.turnstile(), plan.places());
        new ItemLookups(
                        steps.lookup(),
                        bound,
                        items,
                        list() ? item -> line.add(() -> item.predict(bound)) : item -> item.predict(bound))
                .begin(loop);
    }

    private boolean list() {
        return items.size() > 1;
    }

    private void failAll(ErrorCode code, String message) {
        var failure = new ServingException(code, message);
        items.forEach(item -> item.fail(failure));
    }
}
