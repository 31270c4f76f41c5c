package dev.augur.pipeline;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * The items of one request whose features are there, on their way through the {@link Turnstile}. Confined to the
 * request's event loop.
 */
final class ItemLine implements Turnstile.Line {
    private static final int ITEMS_OF_A_TURN = 32;

    private final Context loop;
    private final Turnstile turnstile;
    private final int places;
    private final ArrayDeque<Supplier<Future<?>>> ready = new ArrayDeque<>();
    private boolean waits; // for a place, or for the next turn of the loop

    /**
     * A line without items.
     *
     * @param places how many items of all requests may be inside
     */
    ItemLine(Context loop, Turnstile turnstile, int places) {
        this.loop = loop;
        this.turnstile = turnstile;
        this.places = places;
    }

    /** Begins it when it is its turn; it holds its place until the future completes. */
    void add(Supplier<Future<?>> item) {
        ready.add(item);
        if (!waits) {
            waits = true;
            loop.runOnContext(turn -> goOn());
        }
    }

    @Override
    public void next() {
        loop.runOnContext(turn -> {
            begin();
            goOn();
        });
    }

    /** Others have the event loop, too. */
    private void goOn() {
        for (int i = 0; i < ITEMS_OF_A_TURN && !ready.isEmpty(); i++) {
            if (!turnstile.enter(places)) {
                turnstile.await(this);
                return;
            }
            begin();
        }
        waits = !ready.isEmpty();
        if (waits) {
            loop.runOnContext(turn -> goOn());
        }
    }

    private void begin() {
        ready.remove().get().onComplete(over -> turnstile.leave());
    }
}
