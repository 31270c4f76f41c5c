package dev.augur.testkit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.Server;
import dev.augur.config.ConfigLoader;
import dev.augur.config.ServerConfig;
import dev.augur.http.Entrance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * A real server on a free port with a data directory of its own and routes that tests may ask for anything, and a
 * client for it. Closing it fails if the event loop was ever held for longer than the limit.
 */
public final class TestServer implements AutoCloseable {
    /**
     * Longer than in production: a cold JVM on a shared machine loads classes on the event loop during its first
     * requests.
     */
    private static final long EVENT_LOOP_LIMIT_MILLIS = 1_000;

    private final Vertx vertx;
    private final Server server;
    private final Path dataDirectory;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ListAppender<ILoggingEvent> blockedThreads = new ListAppender<>();

    private TestServer(Vertx vertx, Server server, Path dataDirectory) {
        this.vertx = vertx;
        this.server = server;
        this.dataDirectory = dataDirectory;
        blockedThreads.start();
        blockedThreadLogger().addAppender(blockedThreads);
    }

    /** With {@link DoublingRoutes}, whose settings may be among these. */
    public static TestServer start(String... settings) throws Exception {
        var theirs = new HashMap<String, String>();
        var others = new ArrayList<String>();
        for (String setting : settings) {
            if (setting.startsWith("double.")) {
                theirs.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
            } else {
                others.add(setting);
            }
        }
        return start(
                config -> config.with(services -> new DoublingRoutes(theirs, services)), others.toArray(String[]::new));
    }

    /** With what a program that embeds the server adds to its configuration, and nothing else. */
    public static TestServer start(UnaryOperator<ServerConfig> more, String... settings) throws Exception {
        var directory = Files.createTempDirectory("augur-test");
        var flags = new HashMap<>(Map.of(
                "http.port", "0",
                "shutdown.pause", "0",
                "data.directory", directory.toString()));
        for (String setting : settings) {
            flags.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        }
        var options = new VertxOptions()
                .setMaxEventLoopExecuteTime(EVENT_LOOP_LIMIT_MILLIS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(50)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS);
        var vertx = Entrance.build(Vertx.builder().with(options));
        var config = more.apply(ConfigLoader.load(Map.of(), flags));
        return new TestServer(vertx, await(Server.start(vertx, config)), directory);
    }

    public Vertx vertx() {
        return vertx;
    }

    public Server server() {
        return server;
    }

    public int port() {
        return URI.create(server.url().orElseThrow()).getPort();
    }

    public HttpResponse<String> get(String path) throws Exception {
        return get(path, Map.of());
    }

    /** A GET with any headers. */
    public HttpResponse<String> get(String path, Map<String, String> headers) throws Exception {
        var request = request(path).GET();
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public CompletableFuture<HttpResponse<String>> getAsync(String path) {
        return client.sendAsync(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String body) throws Exception {
        return postAsync(path, body).get(30, TimeUnit.SECONDS);
    }

    public CompletableFuture<HttpResponse<String>> postAsync(String path, String body) {
        var request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /** A POST of any bytes with any headers. */
    public HttpResponse<byte[]> postBytes(String path, byte[] body, Map<String, String> headers) throws Exception {
        var request = request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The value of one meter; 0 if it is not there. */
    public double meter(String nameAndTags) throws Exception {
        return Scrape.value(get("/metrics").body(), nameAndTags);
    }

    /** What the server writes. */
    public Path dataDirectory() {
        return dataDirectory;
    }

    /** Every record in the ledger, in order. */
    public List<JsonObject> records() throws IOException {
        return records(dataDirectory.resolve("predictions"));
    }

    /** Every record in a ledger, in order. */
    public static List<JsonObject> records(Path predictions) throws IOException {
        var records = new ArrayList<JsonObject>();
        try (Stream<Path> files = Files.walk(predictions)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".ndjson"))
                    .sorted()
                    .toList()) {
                var text = Files.readString(file);
                var whole = text.substring(0, text.lastIndexOf('\n') + 1); // the last line may be half written
                whole.lines().forEach(line -> records.add(new JsonObject(line)));
            }
        }
        return records;
    }

    /** Waits for something that another thread brings about. */
    public static void eventually(Check check) throws Exception {
        within(20, check);
    }

    /** Waits so many seconds at most. */
    public static void within(long seconds, Check check) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!check.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come about within " + seconds + " s");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** Something that may come about. */
    @FunctionalInterface
    public interface Check {
        boolean holds() throws Exception;
    }

    /**
     * The result of a future, for a test that goes straight on; one that is called back has a {@code VertxTestContext}.
     * A failure comes as the cause, so that the trace has the line of the test, which that of {@code Future.await} has
     * not.
     */
    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Stops the server in order, keeping its files. */
    public void stop() throws Exception {
        await(server.stop());
    }

    @Override
    public void close() {
        try {
            await(server.stop());
            await(vertx.close());
        } catch (Exception e) {
            throw new AssertionError("the server did not stop", e);
        }
        blockedThreadLogger().detachAppender(blockedThreads);
        if (!blockedThreads.list.isEmpty()) {
            throw new AssertionError("the event loop was held: " + blockedThreads.list);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url().orElseThrow() + path))
                .version(HttpClient.Version.HTTP_1_1);
    }

    private static Logger blockedThreadLogger() {
        return (Logger) LoggerFactory.getLogger("io.vertx.core.impl.BlockedThreadChecker");
    }
}
