package dev.augur.demo;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The tutorial's fifth route, and what its routes print. */
class ItemRouteTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = DemoServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void tellsWhatAPredictionWouldBeMadeFrom() throws Exception {
        var answer = server.get("/items/43");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.body()).isEqualTo("{\"item_id\":43,\"metadata\":\"some_fetched_value_async\"}");
        assertThat(server.server().routes()).contains("GET  /items/{item_id}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "4.5", "9223372036854775808", "%20", "4%2F3", "1e3"})
    void namesAnIdThatIsNone(String id) throws Exception {
        var answer = server.get("/items/" + id);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).startsWith("{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"path\",\"item_id\"],");
    }

    @Test
    void isTreatedAsTheOthersAre() throws Exception {
        try (var client = new RawClient(server.port())) {
            assertThat(client.send("HEAD /items/43 HTTP/1.1\r\nHost: t\r\n\r\n").head())
                    .startsWith("HTTP/1.1 200")
                    .contains("content-length: 52");
            assertThat(client.send("OPTIONS /items/43 HTTP/1.1\r\nHost: t\r\n\r\n")
                            .head())
                    .startsWith("HTTP/1.1 204")
                    .contains("allow: GET, HEAD, OPTIONS");
        }
        assertThat(server.meter("augur_http_requests_total{route=\"/items/:item_id\",status=\"200\"}"))
                .isPositive();
    }

    @Test
    void theRoutesPrintWhatTheTutorialPrints() throws Exception {
        var said = new Said();
        try {
            server.post("/predict_sync", "{\"item_id\":901,\"feature_value\":1}");
            server.post("/predict_with_background", "{\"item_id\":902,\"feature_value\":21}");
            eventually(() -> said.of(902).size() == 6);
        } finally {
            said.detach();
        }
        assertThat(said.of(901))
                .containsExactly(
                        "fetching metadata for item 901",
                        "fetched metadata for item 901",
                        "predicting for item 901",
                        "predicted 2.0 for item 901");
        assertThat(said.of(902))
                .containsExactly(
                        "fetching metadata for item 902",
                        "fetched metadata for item 902",
                        "predicting for item 902",
                        "predicted 42.0 for item 902",
                        "logging prediction for item 902",
                        "logged prediction for item 902");
    }

    /** What is printed at the level that is on unless somebody chooses another. */
    private static final class Said extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Logger logger = (Logger) LoggerFactory.getLogger("dev.augur.demo");

        private Said() {
            start();
            logger.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }

        private List<String> of(int item) {
            return lines.stream().filter(line -> line.endsWith(" item " + item)).toList();
        }

        private void detach() {
            logger.detachAppender(this);
        }
    }
}
