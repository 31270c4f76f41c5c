package dev.augur.serving;

import dev.augur.pipeline.ItemAnswer;
import dev.augur.pipeline.ItemRequest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The items of one request, begun some at a time, since the event loop has other requests too. Confined to one event loop. */
final class ItemTurns {
    private static final int ITEMS_OF_A_TURN = 32;

    private final Context loop;
    private final List<ItemRequest> items;
    private final Function<List<ItemRequest>, List<Future<ItemAnswer>>> predict;
    private final List<Future<ItemAnswer>> answers = new ArrayList<>();
    private final Promise<List<Future<ItemAnswer>>> begun = Promise.promise(); // completed in a later turn of the loop

    private ItemTurns(
            Context loop, List<ItemRequest> items, Function<List<ItemRequest>, List<Future<ItemAnswer>>> predict) {
        this.loop = loop;
        this.items = items;
        this.predict = predict;
    }

    /** Begins all of them; done, with the answers in their order, when the last has begun. */
    static Future<List<Future<ItemAnswer>>> begin(
            Context loop, List<ItemRequest> items, Function<List<ItemRequest>, List<Future<ItemAnswer>>> predict) {
        var turns = new ItemTurns(loop, items, predict);
        turns.next();
        return turns.begun.future();
    }

    private void next() {
        int from = answers.size();
        int to = Math.min(items.size(), from + ITEMS_OF_A_TURN);
        try {
            answers.addAll(predict.apply(items.subList(from, to)));
        } catch (RuntimeException bug) {
            begun.fail(bug);
            return;
        }
        if (to == items.size()) {
            begun.complete(answers);
        } else {
            loop.runOnContext(turn -> next());
        }
    }
}
