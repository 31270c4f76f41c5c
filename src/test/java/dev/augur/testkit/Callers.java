package dev.augur.testkit;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that post the same again and again, each when it has its last answer, until they are told to stop. */
public final class Callers {
    private final TestServer server;
    private final String path;
    private final String body;
    private final AtomicBoolean wanted = new AtomicBoolean(true);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Void>> ends = new ArrayList<>();

    private Callers(TestServer server, String path, String body) {
        this.server = server;
        this.path = path;
        this.body = body;
    }

    /** Starts that many. */
    public static Callers start(TestServer server, String path, String body, int number) {
        var callers = new Callers(server, path, body);
        for (int i = 0; i < number; i++) {
            callers.ends.add(callers.call());
        }
        return callers;
    }

    /** Waits until more got 200 than now. */
    public void areAnswered() throws Exception {
        long now = answered.get();
        TestServer.eventually(() -> answered.get() > now + 10);
    }

    /** Waits until more got another status than now. */
    public void areRefused() throws Exception {
        long now = refused.get();
        TestServer.eventually(() -> refused.get() > now + 10);
    }

    /** Ends them and tells every different answer that was not 200: its status and body. */
    public List<String> stop() throws Exception {
        wanted.set(false);
        for (var end : ends) {
            end.get();
        }
        return refusals.stream().distinct().toList();
    }

    private CompletableFuture<Void> call() {
        return server.postAsync(path, body).thenComposeAsync(this::next);
    }

    private CompletableFuture<Void> next(HttpResponse<String> answer) {
        if (answer.statusCode() == 200) {
            answered.incrementAndGet();
        } else {
            refused.incrementAndGet();
            refusals.add(answer.statusCode() + " " + answer.body());
        }
        return wanted.get() ? call() : CompletableFuture.completedFuture(null);
    }
}
