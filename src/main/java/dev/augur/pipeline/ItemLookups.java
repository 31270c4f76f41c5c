package dev.augur.pipeline;

import dev.augur.feature.FeatureLookup;
import dev.augur.feature.FeatureLookup.Wanted;
import dev.augur.feature.FeatureRow;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Asks for the features of items in order: of as many as one fetch takes, then of the next in another turn of the event
 * loop, as soon as the store has room for them. Confined to the request's event loop.
 */
final class ItemLookups {
    private static final int FEWEST_OF_AN_ASK = 32;
    private static final int MOST_OF_A_FETCH = 1_000;

    private final FeatureLookup lookup;
    private final ModelBinding bound;
    private final List<Item> items;
    private final Consumer<Item> found;
    private int next; // the first item that is not asked for
    private int asked; // items whose features are on their way
    private boolean asking; // or about to

    /**
     * The lookups of these items, which have begun.
     *
     * @param found gets each that has its features
     */
    ItemLookups(FeatureLookup lookup, ModelBinding bound, List<Item> items, Consumer<Item> found) {
        this.lookup = lookup;
        this.bound = bound;
        this.items = items;
        this.found = found;
    }

    /** Asks for the first now. */
    void begin(Context loop) {
        asking = true;
        ask(loop);
    }

    private void ask(Context loop) {
        int to = Math.min(items.size(), next + itemsOfAnAsk());
        var waiting = new ArrayList<Item>(to - next);
        var wanted = new ArrayList<Wanted>(to - next);
        for (Item item : items.subList(next, to)) {
            var features = item.missing(bound);
            if (features.isEmpty()) {
                goOn(item, Future.succeededFuture(new FeatureRow(item.id(), Map.of())));
            } else {
                waiting.add(item);
                wanted.add(new Wanted(item.id(), features));
            }
        }
        next = to;
        asked += waiting.size();
        var rows = lookup.fetchEach(wanted);
        for (int i = 0; i < rows.size(); i++) {
            var item = waiting.get(i);
            rows.get(i).onComplete(row -> {
                asked--;
                askOn(loop);
                goOn(item, row);
            });
        }
        asking = false;
        askOn(loop);
    }

    private void askOn(Context loop) {
        boolean room = asked == 0 || asked + itemsOfAnAsk() <= lookup.width();
        if (!asking && next < items.size() && room) {
            asking = true;
            loop.runOnContext(turn -> ask(loop));
        }
    }

    private void goOn(Item item, AsyncResult<FeatureRow> row) {
        if (item.lookedUp(row)) {
            found.accept(item);
        }
    }

    /** What one fetch takes, or several small ones, but no more than the event loop can begin in one go. */
    private int itemsOfAnAsk() {
        int keys = Math.min(lookup.maxKeys(), MOST_OF_A_FETCH);
        return keys * Math.max(1, FEWEST_OF_AN_ASK / keys);
    }
}
