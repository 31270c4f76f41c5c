package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.augur.testkit.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The lines of the access log, and the levels of the log. */
class AccessLogTest {
    private static final String IRIS =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final Logger logger = (Logger) LoggerFactory.getLogger("access");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(lines);
    }

    @Test
    void eachRequestHasALine() throws Exception {
        try (var server = TestServer.start("http.access-log=1")) {
            server.postBytes(
                    "/v2/models/iris/infer",
                    IRIS.getBytes(StandardCharsets.UTF_8),
                    Map.of("X-Request-Id", "my-id", "traceparent", "00-" + TRACE + "-b7ad6b7169203331-01"));
            server.post("/predict/wine", "{\"item_id\":\"a\"}");
            eventually(() -> lines.list.size() == 2);
            var first = fields(lines.list.get(0));
            assertThat(lines.list.get(0).getFormattedMessage()).isEqualTo("POST /v2/models/iris/infer 200");
            assertThat(first)
                    .containsEntry("route", "/v2/models/:model/infer")
                    .containsEntry("model", "iris")
                    .containsEntry("status", 200)
                    .containsEntry("request_id", "my-id")
                    .containsEntry("trace_id", TRACE)
                    .containsEntry("client", "127.0.0.1")
                    .containsKeys("duration_ms", "queue_ms", "predict_ms", "request_bytes", "response_bytes")
                    .doesNotContainKeys("error", "principal");
            assertThat(fields(lines.list.get(1)))
                    .containsEntry("pipeline", "wine")
                    .containsEntry("status", 404)
                    .containsEntry("error", "not_found");
        }
    }

    @Test
    void oneOfSoManyHasALine() throws Exception {
        try (var server = TestServer.start("http.access-log=10")) {
            for (int number = 0; number < 35; number++) {
                server.get("/v2/health/live");
            }
            eventually(() -> lines.list.size() == 3);
        }
        assertThat(lines.list).hasSize(3);
    }

    @Test
    void withoutTheSettingThereIsNone() throws Exception {
        try (var server = TestServer.start()) {
            server.get("/v2/health/live");
        }
        assertThat(lines.list).isEmpty();
    }

    @Test
    void noValueCanPassForAnotherField() throws Exception {
        var context = new LoggerContext();
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(getClass().getResource("/logback.xml"));
        try (var server = TestServer.start("http.access-log=1")) {
            server.get("/v2/models/a%22%20status=200%0A", Map.of("X-Request-Id", "x\"status=200"));
        }
        eventually(() -> lines.list.size() == 1);
        var appender =
                (ConsoleAppender<ILoggingEvent>) context.getLogger("formats").getAppender("text");
        var text = ((PatternLayoutEncoder) appender.getEncoder()).getLayout().doLayout(lines.list.get(0));
        assertThat(text.stripTrailing().lines()).hasSize(1);
        assertThat(text).contains(" status=404 ", "request_id=\"x\\\"status=200\"", "model=\"a\\\" status=200\\n\"");
        context.stop();
    }

    @Test
    void levelsChangeWhileItRuns() throws Exception {
        try (var server = TestServer.start()) {
            String logger = "/loggers/dev.augur.http.FailureHandler";
            try {
                assertThat(server.post(logger, "{\"level\":\"DEBUG\"}").body())
                        .isEqualTo("{\"logger\":\"dev.augur.http.FailureHandler\",\"level\":\"DEBUG\"}");
                assertThat(new ObjectMapper().readTree(server.get("/loggers").body()))
                        .anySatisfy(level -> assertThat(level.asText()).isEqualTo("DEBUG"));
                assertThat(LoggerFactory.getLogger(FailureHandler.class).isDebugEnabled())
                        .isTrue();
            } finally {
                assertThat(server.post(logger, "{\"level\":null}").statusCode()).isEqualTo(200);
            }
            assertThat(server.get("/loggers").body()).doesNotContain("FailureHandler");
        }
    }

    @Test
    void wrongLevelsAndLoggersAreNamed() throws Exception {
        try (var server = TestServer.start()) {
            for (String body :
                    List.of("{}", "{\"level\":null}", "{\"level\":\"LOUD\"}", "{\"level\":1}", "[]", "\"DEBUG\"")) {
                var answer = server.post("/loggers/ROOT", body);
                assertThat(answer.statusCode()).as(body).isEqualTo(400);
                assertThat(answer.body()).contains("TRACE, DEBUG, INFO, WARN, ERROR, OFF");
            }
            var unknown = server.post("/loggers/none.such", "{\"level\":\"DEBUG\"}");
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(unknown.body()).contains("none.such");
        }
    }

    private static Map<String, Object> fields(ILoggingEvent event) {
        return event.getKeyValuePairs().stream().collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
    }
}
