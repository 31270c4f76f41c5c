package dev.augur.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** A listener that leaves with a thousand messages on their way to it. */
@ExtendWith(VertxExtension.class)
class DepartedListenerTest {
    private static final String ADDRESS = "departed.listener";

    @Test
    void whatComesForItIsNotWritten(Vertx vertx) throws Exception {
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        var written = new ListAppender<ILoggingEvent>();
        written.start();
        root.addAppender(written);
        try {
            leaveBehindAThousand(vertx);
        } finally {
            root.detachAppender(written);
        }
        assertThat(written.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(text -> text.endsWith(ADDRESS));
    }

    private static void leaveBehindAThousand(Vertx vertx) throws Exception {
        var loop = vertx.getOrCreateContext();
        var listening = new CountDownLatch(1);
        var published = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        loop.runOnContext(turn -> {
            var consumer = vertx.eventBus().consumer(ADDRESS, message -> {});
            listening.countDown();
            while (published.getCount() > 0) {
                Thread.onSpinWait();
            }
            consumer.unregister();
            loop.runOnContext(next -> over.countDown());
        });
        assertThat(listening.await(20, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 1_000; i++) {
            vertx.eventBus().publish(ADDRESS, i);
        }
        published.countDown();
        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
