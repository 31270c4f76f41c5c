package dev.augur.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.testkit.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GuardTest {
    private static final int LONG_SECONDS = 15;

    private final Guard guard = new Guard();
    private final List<String> done = new ArrayList<>();

    /** Done once another thread has got the lock. */
    private CompletableFuture<String> other() {
        return CompletableFuture.supplyAsync(() -> guard.locked(() -> "got it"));
    }

    private void noteOther(String when) {
        done.add(when + " another "
                + other().orTimeout(LONG_SECONDS, TimeUnit.SECONDS).join());
    }

    @Test
    void whatIsToBeDoneAfterwardsIsDoneWithoutTheLock() {
        guard.run(() -> {
            guard.afterwards(() -> noteOther("afterwards"));
            done.add("under it");
        });
        assertThat(done).containsExactly("under it", "afterwards another got it");
    }

    @Test
    void insideAnotherItIsDoneBehindTheOuterOne() {
        String yielded = guard.locked(() -> {
            guard.run(() -> guard.afterwards(() -> noteOther("first")));
            guard.afterwards(() -> noteOther("second"));
            done.add("under it");
            return "yielded";
        });
        assertThat(yielded).isEqualTo("yielded");
        assertThat(done).containsExactly("under it", "first another got it", "second another got it");
    }

    @Test
    void itIsDoneWhereTheRestFails() {
        assertThatThrownBy(() -> guard.run(() -> {
                    guard.afterwards(() -> noteOther("afterwards"));
                    throw new IllegalStateException("failed");
                }))
                .hasMessage("failed");
        assertThat(done).containsExactly("afterwards another got it");
    }

    @Test
    void aThreadSleepsWhileTheLockIsHeldForLong() throws Exception {
        var holds = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var holder = CompletableFuture.runAsync(() -> guard.run(() -> {
            holds.countDown();
            await(goOn);
        }));
        holds.await();
        var waiter = new Thread(() -> guard.run(() -> done.add("got it")));
        waiter.start();
        TestServer.within(LONG_SECONDS, () -> waiter.getState() == Thread.State.WAITING);
        assertThat(done).isEmpty();
        goOn.countDown();
        holder.get();
        waiter.join(Duration.ofSeconds(LONG_SECONDS).toMillis());
        assertThat(done).containsExactly("got it");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
