package dev.augur.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** Exceptions that nobody handles, a thousand in a row. */
@ExtendWith(VertxExtension.class)
class FaultRateTest {
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();

    @Test
    void someOfThemAreWrittenAndTheRestIsCounted(Vertx vertx) throws Exception {
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        written.start();
        root.addAppender(written);
        try {
            for (int i = 0; i < 1_000; i++) {
                vertx.runOnContext(turn -> {
                    throw new IllegalStateException("a fault of FaultRateTest");
                });
            }
            TestServer.eventually(() -> {
                vertx.runOnContext(turn -> {
                    throw new IllegalStateException("one more of FaultRateTest");
                });
                return texts().stream().anyMatch(text -> text.endsWith("unhandled exceptions before were not written"));
            });
        } finally {
            root.detachAppender(written);
        }
        assertThat(texts().stream().filter(text -> text.startsWith("Unhandled exception")))
                .hasSizeBetween(1, 500);
    }

    private List<String> texts() {
        return new ArrayList<>(written.list)
                .stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
