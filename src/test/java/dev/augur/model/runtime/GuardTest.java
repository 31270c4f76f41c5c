package dev.augur.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GuardTest {
    private final Guard guard = new Guard();
    private final List<String> done = new ArrayList<>();

    /** Whether another thread gets the lock now. */
    private boolean free() {
        var taken = CompletableFuture.supplyAsync(() -> guard.locked(() -> true));
        try {
            return taken.get(200, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            return false;
        }
    }

    @Test
    void whatIsToBeDoneAfterwardsIsDoneWithoutTheLock() {
        guard.run(() -> {
            guard.afterwards(() -> done.add("afterwards, free " + free()));
            done.add("under it, free " + free());
        });
        assertThat(done).containsExactly("under it, free false", "afterwards, free true");
    }

    @Test
    void insideAnotherItIsDoneBehindTheOuterOne() {
        String yielded = guard.locked(() -> {
            guard.run(() -> guard.afterwards(() -> done.add("first")));
            guard.afterwards(() -> done.add("second"));
            done.add("under it");
            return "yielded";
        });
        assertThat(yielded).isEqualTo("yielded");
        assertThat(done).containsExactly("under it", "first", "second");
    }

    @Test
    void itIsDoneWhereTheRestFails() {
        assertThatThrownBy(() -> guard.run(() -> {
                    guard.afterwards(() -> done.add("afterwards, free " + free()));
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");
        assertThat(done).containsExactly("afterwards, free true");
    }

    @Test
    void aThreadWaitsForTheLockHoweverLongItIsHeld() throws Exception {
        var holds = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var holder = CompletableFuture.runAsync(() -> guard.run(() -> {
            holds.countDown();
            await(goOn);
        }));
        holds.await();
        var waiter = CompletableFuture.supplyAsync(() -> guard.locked(() -> "got it"));
        assertThat(waiter).isNotDone();
        goOn.countDown();
        holder.get();
        assertThat(waiter.get()).isEqualTo("got it");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
