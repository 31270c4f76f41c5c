package dev.augur.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class WatchTest {
    private static final Duration SOON = Duration.ofMillis(1);

    @Test
    void looksUntilThereIsNothingLeftAndAgainWhenWoken(Vertx vertx, VertxTestContext test) {
        var loop = vertx.getOrCreateContext();
        var left = new AtomicInteger(3);
        var looks = new AtomicInteger();
        var watch = new Watch[1];
        watch[0] = new Watch(loop, SOON, () -> left.get() > 0, () -> {
            looks.incrementAndGet();
            if (left.decrementAndGet() == 0) {
                // Turns later than any look that would be wrong.
                vertx.setTimer(
                        20,
                        later -> test.verify(() -> {
                            assertThat(looks.getAndSet(0)).isIn(3, 1);
                            if (left.compareAndSet(0, 1)) {
                                watch[0].wake();
                                watch[0].wake();
                            }
                        }));
            }
            if (looks.get() == 1 && left.get() == 0) {
                test.completeNow();
            }
        });
        loop.runOnContext(now -> watch[0].wake());
    }

    @Test
    void goesOnAfterALookThatFails(Vertx vertx, VertxTestContext test) {
        var loop = vertx.getOrCreateContext();
        loop.exceptionHandler(failed -> {});
        var twice = test.checkpoint(2);
        var watch = new Watch(loop, SOON, () -> true, () -> {
            twice.flag();
            throw new IllegalStateException("of this look alone");
        });
        loop.runOnContext(now -> watch.wake());
    }
}
