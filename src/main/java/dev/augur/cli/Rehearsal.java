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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that serves a few requests of its own while the real one is made. Loading the classes of the request path
 * takes a cold JVM a quarter of a second, most of it on the event loop that happens to get the first request; this is
 * where it happens instead. Played once, on a thread of its own; told what to do by the main thread.
 */
final class Rehearsal {
    /** What each step may take. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    private static final String FILE = "augur.yaml";
    private static final String MODEL = "model.onnx";
    private static final String BAD = "{\"item_id\":\"x\"}";
    private static final String INFERENCE =
            "{\"inputs\":[{\"name\":\"feature_value\",\"shape\":[1,1],\"datatype\":\"FP64\",\"data\":[1.5]}]}";
    private static final List<String> INFER = List.of("/v2/models/doubler/infer", "/v2/models/x/infer");
    private static final String IRIS =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
    private static final List<String> PIPELINE = List.of("{\"item_id\":1}", "{\"items\":[{\"item_id\":2}]}", BAD);

    private interface Stage {
        void set(Path directory) throws IOException;
    }

    private final CompletableFuture<Boolean> wanted = new CompletableFuture<>();
    private final CompletableFuture<Void> serves = new CompletableFuture<>();
    private final Thread thread;

    private Rehearsal(FileSystemOptions files, Stage stage) {
        thread = new Thread(() -> run(files, stage), "augur-rehearsal");
        thread.setDaemon(true);
    }

    /** Of what every start does. */
    Rehearsal(FileSystemOptions files) {
        this(files, Rehearsal::lay);
    }

    /** The same with what every start does besides, for an archive of the classes: a file is read, and a real model. */
    static Rehearsal forArchive(FileSystemOptions files) {
        return new Rehearsal(files, directory -> {
            lay(directory);
            Files.writeString(
                    directory.resolve(FILE),
                    "roles: [http, predict, log] # a few forms of YAML\nhttp:\n  docs: true\n");
            var version = Files.createDirectories(directory.resolve("models/iris/1"));
            try (var model = Rehearsal.class.getResourceAsStream(MODEL)) {
                Files.copy(Objects.requireNonNull(model, MODEL), version.resolve(MODEL));
            }
        });
    }

    /** Makes the Vert.x that it is played on, beside what the caller does meanwhile. */
    void begin() {
        thread.start();
    }

    /**
     * Blocks until its server serves, so that the making of another one has little to load; its requests go on
     * meanwhile. A rehearsal that fails is logged and changes nothing: the first real requests are then slower.
     */
    void play() {
        wanted.complete(true);
        serves.join();
    }

    /** There is nothing to rehearse, unless it is played already. */
    void drop() {
        wanted.complete(false);
    }

    /** Blocks until all of it is over, its folder too, for so long at most; at once where it has not begun. */
    void awaitEnd(Duration most) throws InterruptedException {
        thread.join(most.toMillis());
    }

    private void run(FileSystemOptions files, Stage stage) {
        try {
            var vertx = Entrance.build(Vertx.builder()
                    .with(new VertxOptions().setEventLoopPoolSize(1).setFileSystemOptions(files)));
            try {
                if (wanted.join()) {
                    play(vertx, stage);
                }
            } finally {
                vertx.close().toCompletionStage().toCompletableFuture().join();
            }
        } catch (ScratchException e) {
            log().warn("no rehearsal of the start: {}", e.getMessage());
        } catch (IOException e) {
            log().warn("no rehearsal of the start, for the files in its temporary folder: {}", e.toString());
        } catch (ExecutionException | TimeoutException | InterruptedException | RuntimeException e) {
            log().warn("the rehearsal of the start failed", e);
        } finally {
            serves.complete(null);
        }
    }

    /** Not on the main thread: the first one starts the library, which takes as long as to read the configuration. */
    private static Logger log() {
        return LoggerFactory.getLogger(Rehearsal.class);
    }

    private void play(Vertx vertx, Stage stage)
            throws IOException, ExecutionException, TimeoutException, InterruptedException {
        try (var folder = ScratchFolder.make()) {
            stage.set(folder.path());
            var server = wait(Server.start(vertx, ConfigLoader.load(Map.of(), settings(folder.path()))));
            serves.complete(null);
            wait(requests(vertx, server).transform(done -> server.stop()));
        }
    }

    private static <T> T wait(Future<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** A model and features to play with. */
    private static void lay(Path directory) throws IOException {
        Files.createFile(directory.resolve(FILE));
        var version = Files.createDirectories(directory.resolve("models/doubler/1"));
        Files.writeString(version.resolve("model.doubler"), "");
        Files.writeString(directory.resolve("features.csv"), "item_id,feature_value\n1,1.5\n");
    }

    private static Map<String, String> settings(Path directory) {
        var settings = new HashMap<>(Map.of(
                "config",
                directory.resolve(FILE).toString(),
                "http.port",
                "0",
                "http.instances",
                "1",
                "shutdown.pause",
                "0",
                "models.repository",
                directory.resolve("models").toString(),
                "data.directory",
                directory.toString()));
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
        answers.add(send(client, HttpMethod.POST, url + "/v2/models/iris/infer", IRIS));
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
