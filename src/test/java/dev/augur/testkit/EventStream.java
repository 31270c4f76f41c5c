package dev.augur.testkit;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A page of the console as its server sees it: reads server-sent events, in a thread of its own. */
public final class EventStream implements AutoCloseable {
    /** One event. */
    public record Event(String name, JsonObject data) {}

    private final Socket socket;
    private final List<String> head = new ArrayList<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    /** Opens the console's stream, and reads the head of the answer. */
    public EventStream(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write("GET /console/stream HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.add(line);
        }
        if (status() == 200) {
            var reader = new Thread(() -> read(in), "event-stream");
            reader.setDaemon(true);
            reader.start();
        }
    }

    /** Of the answer. */
    public int status() {
        return Integer.parseInt(head.get(0).split(" ")[1]);
    }

    /** The status line and the headers. */
    public List<String> head() {
        return List.copyOf(head);
    }

    /** The next event of that name; others are passed over. */
    public JsonObject next(String name) throws InterruptedException {
        return next(name, data -> true);
    }

    /** The next event of that name of which this is true. */
    public JsonObject next(String name, Predicate<JsonObject> wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            var event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new AssertionError("no such event \"" + name + "\" within 20 s");
            }
            if (event.name().equals(name) && wanted.test(event.data())) {
                return event.data();
            }
        }
    }

    /** The traces of so many requests whose ids begin so; those of others are passed over. */
    public List<JsonObject> traces(String ids, int count) throws InterruptedException {
        var traces = new ArrayList<JsonObject>();
        while (traces.size() < count) {
            next("traces").getJsonArray("traces").stream()
                    .map(JsonObject.class::cast)
                    .filter(trace ->
                            String.valueOf(trace.getString("request_id")).startsWith(ids))
                    .forEach(traces::add);
        }
        return traces;
    }

    /** Sends no more, but still reads. */
    public void sendNoMore() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether the server has ended it. */
    public boolean ended() {
        return ended;
    }

    private void read(BufferedReader in) {
        try {
            String name = "";
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    events.add(new Event(name, new JsonObject(line.substring(6))));
                }
            }
        } catch (SocketTimeoutException silent) {
            return;
        } catch (IOException closed) {
            // as below
        }
        ended = true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
