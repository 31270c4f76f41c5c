package dev.augur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.Server;
import dev.augur.config.ConfigLoader;
import dev.augur.config.ServerConfig;
import dev.augur.model.runtime.PredictionVerticle;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** {@code ./run.sh --dev}: a changed configuration is served at once, a faulty one never. */
@ExtendWith(VertxExtension.class)
class DevLoopTest {
    private static final String BIG = "{\"item_id\": 43, \"more\": \"" + "x".repeat(2_000) + "\"}";

    private static final long WATCH_MILLIS = 100;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Vertx vertx;
    private DevLoop loop;
    private Server server;

    @BeforeEach
    void serve(Vertx vertx) throws Exception {
        this.vertx = vertx;
        write("http: {max-body: 1MiB}\n");
        var config = reading();
        server = start(config);
        loop = new DevLoop(
                folder.resolve("dev.yaml"),
                this::reading,
                next -> server = start(next),
                new DevLoop.Running(server, config),
                new PrintStream(err, true));
    }

    @AfterEach
    void close() throws Exception {
        Augur.wait(server.stop());
    }

    @Test
    void servesAChangeAndGoesOnWhereItIsFaulty() throws Exception {
        assertThat(loop.look()).isFalse();
        assertThat(status()).isNotEqualTo(413);

        write("http: {max-body: 1KiB}\n");
        assertThat(loop.look()).isTrue();
        assertThat(status()).isEqualTo(413);

        write("http: {max-body: many}\nhtpp: {}\n");
        assertThat(loop.look()).isFalse();
        assertThat(err.toString()).contains("max-body", "htpp", "the configuration before goes on");
        assertThat(status()).isEqualTo(413);

        write("http: [\n");
        assertThat(loop.look()).isFalse();
        assertThat(status()).isEqualTo(413);

        try (var taken = new ServerSocket(0)) {
            write("http: {port: " + taken.getLocalPort() + "}\n");
            assertThat(loop.look()).isFalse();
            assertThat(err.toString()).contains("cannot start: ", "the configuration before comes back");
            assertThat(status()).isEqualTo(413);
        }
    }

    /** Which shares Vert.x with the next one, so that its timers do not end with it. */
    @Test
    void whatWasReplacedLooksAtTheModelsNoMore() throws Exception {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var logger = (Logger) LoggerFactory.getLogger(PredictionVerticle.class);
        logger.addAppender(lines);
        try {
            write(
                    "http: {max-body: 2MiB}\n",
                    "models: {repository: models, watch: true, watch-interval: " + WATCH_MILLIS + "ms}");
            assertThat(loop.look()).isTrue();
            write("http: {max-body: 1MiB}\n");
            assertThat(loop.look()).isTrue();
            Augur.wait(vertx.timer(10 * WATCH_MILLIS));
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).isEmpty();
    }

    private int status() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.url().orElseThrow() + "/predict_full_async"))
                .POST(HttpRequest.BodyPublishers.ofString(BIG))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
    }

    private Server start(ServerConfig config) throws ExecutionException, InterruptedException {
        return Augur.wait(Server.start(vertx, config));
    }

    private ServerConfig reading() {
        return ConfigLoader.load(
                Map.of(), Map.of("config", folder.resolve("dev.yaml").toString()));
    }

    /** With what stays as it is. */
    private void write(String settings) throws Exception {
        write(settings, "models: {repository: models}");
    }

    private void write(String settings, String models) throws Exception {
        Files.createDirectories(folder.resolve("models"));
        String port = settings.contains("port") || !settings.startsWith("http: {") ? "" : "port: 0, ";
        Files.writeString(
                folder.resolve("dev.yaml"),
                settings.replace("http: {", "http: {" + port)
                        + models
                        + """

                        data: {directory: data}
                        shutdown: {pause: 0}
                        feature-stores: {}
                        pipelines: {}
                        demo: {fetch-delay: 0, prediction-delay: 0}
                        """);
    }
}
