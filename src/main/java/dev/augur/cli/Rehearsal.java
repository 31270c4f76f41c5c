package dev.augur.cli;

import dev.augur.Server;
import dev.augur.bus.Addresses;
import dev.augur.config.ConfigLoader;
import dev.augur.http.Entrance;
import dev.augur.scratch.ScratchException;
import dev.augur.scratch.ScratchFolder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that serves a few requests of its own and is gone before the real one starts. Loading the classes of the
 * request path takes a cold JVM a quarter of a second, most of it on the event loop that happens to get the first
 * request; this is where it happens instead. Called once, on the main thread; blocks.
 */
final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final long LIMIT_SECONDS = 20;
    private static final String BAD = "{\"item_id\":\"x\"}";
    private static final String INFERENCE =
            "{\"inputs\":[{\"name\":\"feature_value\",\"shape\":[1,1],\"datatype\":\"FP64\",\"data\":[1.5]}]}";
    private static final List<String> INFER = List.of("/v2/models/doubler/infer", "/v2/models/x/infer");
    private static final List<String> PIPELINE = List.of("{\"item_id\":1}", "{\"items\":[{\"item_id\":2}]}", BAD);

    private Rehearsal() {}

    /** A rehearsal that fails is logged and changes nothing: the first real requests are then slower. */
    static void run(FileSystemOptions files) throws InterruptedException {
        var vertx = Entrance.build(
                Vertx.builder().with(new VertxOptions().setEventLoopPoolSize(1).setFileSystemOptions(files)));
        try (var folder = ScratchFolder.make()) {
            lay(folder.path());
            var rehearsal = Server.start(vertx, ConfigLoader.load(Map.of(), settings(folder.path())))
                    .compose(server -> requests(vertx, server).transform(done -> server.stop()));
            rehearsal.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ScratchException e) {
            LOG.warn("no rehearsal before the start: {}", e.getMessage());
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.warn("the rehearsal before the start failed", e);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** A model and features to play with. */
    private static void lay(Path directory) throws IOException {
        var version = Files.createDirectories(directory.resolve("models/doubler/1"));
        Files.writeString(version.resolve("model.doubler"), "");
        Files.writeString(directory.resolve("features.csv"), "item_id,feature_value\n1,1.5\n");
    }

    private static Map<String, String> settings(Path directory) {
        var settings = new HashMap<>(Map.of(
                "config", "",
                "http.port", "0",
                "http.instances", "1",
                "shutdown.pause", "0",
                "models.repository", directory.resolve("models").toString(),
                "data.directory", directory.toString()));
        settings.putAll(Map.of(
                "feature-stores.features.kind", "csv",
                "feature-stores.features.path",
                        directory.resolve("features.csv").toString(),
                "feature-stores.features.key-column", "item_id",
                "event-bus.instances", "1",
                "prediction-log.ack-timeout", "1m", // a busy machine is slow, and nobody should read of it
                "pipelines.doubled.store", "features",
                "pipelines.doubled.model", "doubler"));
        return settings;
    }

    private static Future<?> requests(Vertx vertx, Server server) {
        var client = vertx.createHttpClient();
        String url = server.url().orElseThrow();
        var answers = new ArrayList<Future<?>>();
        for (String path :
                List.of("/health/live", "/health/ready", "/v2", "/v2/models/x", "/pipelines", "/metrics", "/nothing")) {
            answers.add(send(client, HttpMethod.GET, url + path, ""));
        }
        INFER.forEach(path -> answers.add(send(client, HttpMethod.POST, url + path, INFERENCE)));
        answers.add(vertx.eventBus().request(Addresses.model("doubler"), new JsonObject(INFERENCE)));
        PIPELINE.forEach(body -> answers.add(vertx.eventBus().request(Addresses.pipeline("doubled"), body)));
        PIPELINE.forEach(body -> answers.add(send(client, HttpMethod.POST, url + "/predict/doubled", body)));
        return Future.join(answers);
    }

    private static Future<?> send(HttpClient client, HttpMethod method, String url, String body) {
        return client.request(new RequestOptions().setMethod(method).setAbsoluteURI(url))
                .compose(request -> request.send(body))
                .compose(response -> response.body());
    }
}
