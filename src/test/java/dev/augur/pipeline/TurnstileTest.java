package dev.augur.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who may go in, and in which order. */
class TurnstileTest {
    private final Turnstile turnstile = new Turnstile();
    private final List<String> called = new ArrayList<>();

    @Test
    void admitsUpToALimitAndCountsWhoHasNoOutcome() {
        assertThat(turnstile.admit(6, 10)).isTrue();
        assertThat(turnstile.admit(5, 10)).isFalse();
        assertThat(turnstile.admit(4, 10)).isTrue();
        assertThat(turnstile.items()).isEqualTo(10);
        turnstile.over(6);
        assertThat(turnstile.items()).isEqualTo(4);
        assertThat(turnstile.admit(Integer.MAX_VALUE, Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void letsInAsManyAsThereArePlaces() {
        assertThat(turnstile.enter(2)).isTrue();
        assertThat(turnstile.enter(2)).isTrue();
        assertThat(turnstile.enter(2)).isFalse();
        turnstile.leave();
        assertThat(turnstile.enter(2)).isTrue();
    }

    @Test
    void givesAPlaceToWhoWaitsLongest() {
        assertThat(turnstile.enter(1)).isTrue();
        turnstile.await(() -> called.add("first"));
        turnstile.await(() -> called.add("second"));
        assertThat(called).isEmpty();
        turnstile.leave();
        assertThat(called).containsExactly("first");
        turnstile.leave();
        assertThat(called).containsExactly("first", "second");
    }

    @Test
    void letsNobodyPassWhoCameLater() {
        assertThat(turnstile.enter(1)).isTrue();
        turnstile.await(() -> called.add("waits"));
        assertThat(turnstile.enter(2))
                .as("a place that is new belongs to who waits")
                .isFalse();
        turnstile.leave();
        assertThat(called).containsExactly("waits");
    }

    @Test
    void givesAPlaceAtOnceThatBecameFreeBeforeTheWait() {
        assertThat(turnstile.enter(1)).isTrue();
        turnstile.leave();
        turnstile.await(() -> called.add("at once"));
        assertThat(called).containsExactly("at once");
    }

    @Test
    void isNeverFullerThanItsPlaces() throws Exception {
        int threads = 4;
        int turns = 500;
        int places = 2;
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var over = new CountDownLatch(threads * turns);
        Turnstile.Line line = () -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            inside.decrementAndGet();
            turnstile.leave();
            over.countDown();
        };
        var all = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            all.add(new Thread(() -> {
                for (int turn = 0; turn < turns; turn++) {
                    if (turnstile.enter(places)) {
                        line.next();
                    } else {
                        turnstile.await(line);
                    }
                }
            }));
        }
        all.forEach(Thread::start);
        for (Thread thread : all) {
            thread.join();
        }
        over.await();
        assertThat(most.get()).isBetween(1, places);
        assertThat(inside).hasValue(0);
    }
}
