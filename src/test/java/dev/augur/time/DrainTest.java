package dev.augur.time;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class DrainTest {
    private Context loop;

    @BeforeEach
    void start(Vertx vertx) {
        loop = vertx.getOrCreateContext();
    }

    @Test
    void looksOnTheEventLoopUntilNothingIsLeft() throws Exception {
        var left = new AtomicInteger(3);
        await(Drain.of(loop, Duration.ofHours(1), "requests were not answered", () -> {
            assertThat(Vertx.currentContext()).isSameAs(loop);
            return left.getAndDecrement();
        }));
        assertThat(left).hasValue(-1);
    }

    @Test
    void saysHowMuchIsLeftWhenTheTimeIsUp() {
        assertThatThrownBy(() -> await(Drain.of(loop, Duration.ZERO, "requests were not answered", () -> 2)))
                .hasRootCauseInstanceOf(TimeoutException.class)
                .hasRootCauseMessage("2 requests were not answered in time");
    }

    @Test
    void isDoneWithoutTimeWhenThereIsNothing() throws Exception {
        await(Drain.of(loop, Duration.ZERO, "requests were not answered", () -> 0));
    }
}
