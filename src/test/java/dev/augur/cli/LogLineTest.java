package dev.augur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Nobody can write a line of his own into the log. */
class LogLineTest {
    @Test
    void anEventIsOneLineWhateverItTells() throws Exception {
        var context = new LoggerContext();
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(getClass().getResource("/logback.xml"));
        var appender = (ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
        var event = new LoggingEvent(
                "", context.getLogger("dev.augur.Any"), Level.WARN, "item {} failed", null, new Object[] {
                    "43\r\n2026-01-01T00:00:00Z INFO forged\u001b[2J\u0085\u2028é"
                });

        String line = new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);

        assertThat(line)
                .endsWith("dev.augur.Any: item 43 2026-01-01T00:00:00Z INFO forged [2J é failed"
                        + System.lineSeparator());
        assertThat(line.stripTrailing()).doesNotContainPattern("[\\p{Cntrl}\u0085\u2028]");
        context.stop();
    }
}
