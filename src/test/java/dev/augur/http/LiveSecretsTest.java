package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.testkit.TestServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A server whose stores and sinks are away tells much of that, and never a secret. */
class LiveSecretsTest {
    private static final String CANARY = "canary-51c8";

    @Test
    void areInNoLogNoAnswerAndNoMetric() throws Exception {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var ours = (Logger) LoggerFactory.getLogger("dev.augur");
        var events = new CopyOnWriteArrayList<ILoggingEvent>();
        var appender = new ListAppender<ILoggingEvent>();
        appender.list = events;
        appender.start();
        root.addAppender(appender);
        ours.setLevel(Level.DEBUG);
        try (var server = TestServer.start(
                "prediction-log.postgres.enabled=true",
                "prediction-log.postgres.port=1",
                "prediction-log.postgres.password=" + CANARY,
                "prediction-log.kafka.enabled=true",
                "prediction-log.kafka.bootstrap-servers=127.0.0.1:1",
                "feature-stores.web.kind=http",
                "feature-stores.web.url=http://127.0.0.1:1/{id}?token=" + CANARY,
                "feature-stores.web.headers.Authorization=Bearer " + CANARY,
                "pipelines.wine.store=web")) {
            for (String path :
                    List.of("/metrics", "/health/ready", "/pipelines", "/predictions", "/cluster", "/loggers")) {
                assertThat(server.get(path).body()).as(path).doesNotContain(CANARY);
            }
            var failed = server.post("/predict/wine", "{\"item_id\":43}");
            assertThat(failed.statusCode()).isEqualTo(503);
            assertThat(failed.body()).doesNotContain(CANARY);
            eventually(() -> events.stream().anyMatch(event -> text(event).contains("sink postgres")));
            assertThat(server.get("/predictions", Map.of("Authorization", "Bearer " + CANARY))
                            .body())
                    .doesNotContain(CANARY);
        } finally {
            root.detachAppender(appender);
            ours.setLevel(null);
        }
        assertThat(events).hasSizeGreaterThan(5).noneMatch(event -> text(event).contains(CANARY));
    }

    private static String text(ILoggingEvent event) {
        return event.getFormattedMessage()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
}
