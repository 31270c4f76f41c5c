package dev.augur.time;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Looks after something every now and then, for as long as there is something: a node with nothing to do sleeps.
 * Confined to one event loop.
 */
public final class Watch {
    private final Context loop;
    private final long pauseMillis;
    private final BooleanSupplier needed;
    private final Runnable look;
    private boolean awake;

    /**
     * Of one event loop; it ends with the verticle whose context that is.
     *
     * @param needed whether there is something to look after; asked on the event loop
     * @param look called on the event loop
     */
    public Watch(Context loop, Duration pause, BooleanSupplier needed, Runnable look) {
        this.loop = loop;
        this.pauseMillis = Math.max(1, pause.toMillis());
        this.needed = needed;
        this.look = look;
    }

    /** There may be something to look after from now on: the first look is after one pause. */
    public void wake() {
        if (!awake && needed.getAsBoolean()) {
            awake = true;
            loop.runOnContext(now -> loop.owner().setTimer(pauseMillis, over -> look()));
        }
    }

    private void look() {
        awake = false;
        try {
            look.run();
        } finally {
            wake();
        }
    }
}
