package dev.augur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** Nobody can write a line of his own into the log. */
class LogLineTest {
    private static final String FORGED = "43\r\n2026-01-01T00:00:00Z INFO forged\u001b[2J\u0085\u2028é";

    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void configure() throws Exception {
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(getClass().getResource("/logback.xml"));
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void anEventIsOneLineWhateverItTells() {
        String line = line("text", event());
        assertThat(line)
                .endsWith("dev.augur.Any: item 43 2026-01-01T00:00:00Z INFO forged [2J é failed"
                        + System.lineSeparator());
        assertThat(line.stripTrailing()).doesNotContainPattern("[\\p{Cntrl}\u0085\u2028]");
    }

    @Test
    void inJsonItIsOneObjectOnOneLine() throws Exception {
        var event = event();
        event.setKeyValuePairs(List.of(new KeyValuePair("status", 404)));
        String line = line("json", event);
        assertThat(line.strip().lines()).hasSize(1);
        var json = new ObjectMapper().readTree(line);
        assertThat(json.get("message").asText()).isEqualTo("item " + FORGED + " failed");
        assertThat(json.get("level").asText()).isEqualTo("WARN");
        assertThat(json.get("logger_name").asText()).isEqualTo("dev.augur.Any");
        assertThat(json.get("@timestamp").asText()).endsWith("Z");
        assertThat(json.get("status").asInt()).isEqualTo(404);
    }

    private LoggingEvent event() {
        return new LoggingEvent(
                "", context.getLogger("dev.augur.Any"), Level.WARN, "item {} failed", null, new Object[] {FORGED});
    }

    private String line(String appender, ILoggingEvent event) {
        var to = (ConsoleAppender<ILoggingEvent>) context.getLogger("formats").getAppender(appender);
        return new String(to.getEncoder().encode(event), StandardCharsets.UTF_8);
    }
}
