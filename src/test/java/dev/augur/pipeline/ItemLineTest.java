package dev.augur.pipeline;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The order in which the items of requests go through, and that they give their places back. */
@ExtendWith(VertxExtension.class)
class ItemLineTest {
    private Context loop;
    private final Turnstile turnstile = new Turnstile();
    private final List<String> begun = new ArrayList<>(); // of the event loop, as the lines are
    private final List<Promise<Void>> inside = new ArrayList<>();

    @BeforeEach
    void start(Vertx vertx) {
        loop = vertx.getOrCreateContext();
    }

    @Test
    void beginsAsManyAsThereArePlaces() throws Exception {
        turn(() -> items(line(2), "a", 4));
        settled();
        assertThat(begun).containsExactly("a0", "a1");
        leave(0);
        assertThat(begun).containsExactly("a0", "a1", "a2");
        leave(2);
        leave(1);
        assertThat(begun).containsExactly("a0", "a1", "a2", "a3");
    }

    @Test
    void takesTurnsWithOtherRequests() throws Exception {
        turn(() -> {
            items(line(1), "a", 3);
            return items(line(1), "b", 2);
        });
        settled();
        for (int i = 0; i < 4; i++) {
            leave(i);
        }
        assertThat(begun).containsExactly("a0", "a1", "b0", "a2", "b1");
    }

    @Test
    void givesItsPlaceBackWhenAnItemFails() throws Exception {
        turn(() -> {
            var line = line(1);
            line.add(() -> Future.failedFuture("no"));
            return items(line, "a", 1);
        });
        settled();
        assertThat(begun).containsExactly("a0");
    }

    @Test
    void isNotOverAfterItWasEmpty() throws Exception {
        var line = line(8);
        turn(() -> items(line, "a", 1));
        settled();
        turn(() -> items(line, "b", 1));
        settled();
        assertThat(begun).containsExactly("a0", "b0");
    }

    @Test
    void leavesTheEventLoopToOthersInBetween() throws Exception {
        Promise<Integer> meanwhile = Promise.promise();
        turn(() -> {
            items(line(1_000), "a", 1_000);
            loop.runOnContext(first -> loop.runOnContext(other -> meanwhile.complete(begun.size())));
            return true;
        });
        assertThat(await(meanwhile.future())).isBetween(1, 999);
        settled();
        assertThat(begun).hasSize(1_000);
    }

    private ItemLine line(int places) {
        return new ItemLine(loop, turnstile, places);
    }

    /** Items that are inside until {@link #leave}. */
    private boolean items(ItemLine line, String name, int count) {
        for (int i = 0; i < count; i++) {
            String item = name + i;
            line.add(() -> {
                begun.add(item);
                Promise<Void> over = Promise.promise();
                inside.add(over);
                return over.future();
            });
        }
        return true;
    }

    private void leave(int item) throws Exception {
        turn(() -> inside.get(item).tryComplete());
        settled();
    }

    /** What is on the event loop, and what that brings, a hundred times over. */
    private void settled() throws Exception {
        for (int i = 0; i < 100; i++) {
            turn(() -> true);
        }
    }

    private void turn(Callable<Boolean> action) throws Exception {
        Promise<Boolean> done = Promise.promise();
        loop.runOnContext(now -> done.handle(Future.<Void>succeededFuture().map(begin -> call(action))));
        await(done.future());
    }

    private static boolean call(Callable<Boolean> action) {
        try {
            return action.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
