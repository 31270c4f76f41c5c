package dev.augur.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** {@code ./run.sh} as a process of its own, as an operator starts it. */
public final class AugurProcess implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;
    private static final String CHECKER = "BlockedThreadChecker";

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;
    private final HttpClient client = HttpClient.newHttpClient();

    private AugurProcess(Process process) {
        this.process = process;
        this.readers = List.of(read(process.getInputStream(), out), read(process.getErrorStream(), err));
    }

    /** Starts it with these variables and flags; does not wait. */
    public static AugurProcess launch(Map<String, String> variables, String... flags) throws IOException {
        var command = new ArrayList<>(List.of("./run.sh"));
        command.addAll(List.of(flags));
        return launch(variables, command);
    }

    /** Starts any command in the project's folder; does not wait. */
    public static AugurProcess launch(Map<String, String> variables, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command)
                .directory(Path.of("").toAbsolutePath().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AUGUR_"));
        builder.environment().put("AUGUR_LOG_FORMAT", "text"); // as on a terminal
        builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1"); // it lives too briefly for more
        builder.environment().putAll(variables);
        return new AugurProcess(builder.start());
    }

    /** Starts it and waits until it is ready. */
    public static AugurProcess start(Map<String, String> variables, String... flags) throws Exception {
        var started = launch(variables, flags);
        try {
            // The first start after a build takes longer: it makes an archive of the classes.
            TestServer.within(LIMIT_SECONDS, () -> started.ready() || !started.alive());
        } catch (Exception | AssertionError late) {
            started.close();
            throw late;
        }
        if (!started.alive()) {
            throw new AssertionError("did not start: " + started.out + started.err);
        }
        return started;
    }

    /** Waits until it has said that. */
    public void says(String text) throws Exception {
        TestServer.within(LIMIT_SECONDS, () -> out.stream().anyMatch(line -> line.contains(text)) || !alive());
        if (out.stream().noneMatch(line -> line.contains(text))) {
            throw new AssertionError("did not say " + text + ": " + out + err);
        }
    }

    private boolean ready() {
        return out.stream().anyMatch(line -> line.contains(": ready in "));
    }

    public List<String> out() {
        return out;
    }

    /** What it said on standard error, but for {@link #heldLoops}. */
    public List<String> err() {
        return err.stream().filter(line -> !line.contains(CHECKER)).toList();
    }

    /** What the checker of blocked event loops said. */
    public List<String> heldLoops() {
        return err.stream().filter(line -> line.contains(CHECKER)).toList();
    }

    /** Where it serves, from the line that says so. */
    public String url() {
        return out.stream()
                .filter(line -> line.contains(" at http://"))
                .map(line -> line.substring(line.indexOf("http://")))
                .findFirst()
                .orElseThrow();
    }

    public HttpResponse<String> get(String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url() + path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    public CompletableFuture<HttpResponse<String>> post(String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(url() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The value of one meter; 0 if it is not there. */
    public double meter(String nameAndTags) throws Exception {
        return Scrape.value(get("/metrics").body(), nameAndTags);
    }

    /** Sends a signal, by its name without {@code SIG}. */
    public void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Writes a line to its standard input. */
    public void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Waits for its end. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + out + err);
        }
        for (Thread reader : readers) {
            reader.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        }
        return process.exitValue();
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static Thread read(InputStream stream, List<String> lines) {
        var reader = new Thread(() -> {
            try (var in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                in.lines().forEach(lines::add);
            } catch (IOException | java.io.UncheckedIOException ended) {
                lines.add("(stream ended: " + ended.getMessage() + ")");
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }
}
