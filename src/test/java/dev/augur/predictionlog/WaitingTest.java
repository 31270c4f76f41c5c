package dev.augur.predictionlog;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log says of records that nobody takes. */
class WaitingTest {
    private static final Duration LONG = Duration.ofSeconds(1);

    @Test
    void whatARefusalSaysIsSaidOnce() {
        assertThat(told(ReplyFailure.RECIPIENT_FAILURE, "No space left on device"))
                .isEqualTo("prediction log: records wait, the prediction log refuses records: No space left on device");
    }

    @Test
    void whatTheBusSaysStandsBehindWhatItMeans() {
        assertThat(told(ReplyFailure.TIMEOUT, "Timed out after waiting 1000(ms)"))
                .isEqualTo("prediction log: records wait, the prediction log does not acknowledge in time:"
                        + " Timed out after waiting 1000(ms)");
    }

    private static String told(ReplyFailure kind, String message) {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var log = (Logger) LoggerFactory.getLogger(Waiting.class);
        log.addAppender(lines);
        try {
            new Waiting().refused(LONG, new ReplyException(kind, 1, message));
        } finally {
            log.detachAppender(lines);
        }
        return lines.list.get(0).getFormattedMessage();
    }
}
