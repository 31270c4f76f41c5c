package dev.augur.testkit;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Callers of one route of a server process, each of which posts again when it has its answer, until they are told to
 * stop or the server is gone. Each request can be told from all others in the ledger. Thread-safe.
 */
public final class HttpLoad {
    private static final long LIMIT_SECONDS = 60;

    /** What is asked, and how the record of a request is found. */
    public enum Route {
        /** A pipeline whose answers wait for their record, and name it. */
        PIPELINE("/predict/wine", "record_id") {
            @Override
            String body(long number) {
                return "{\"item_id\":43}";
            }

            @Override
            String key(long number, String answer) {
                return new JsonObject(answer).getString("record_id");
            }
        },
        /** A model whose records follow its answers. */
        MODEL("/v2/models/iris/infer", "client_request_id") {
            @Override
            String body(long number) {
                return "{\"id\":\"" + number + "\",\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],"
                        + "\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
            }
        };

        private final String path;
        private final String field;

        Route(String path, String field) {
            this.path = path;
            this.field = field;
        }

        abstract String body(long number);

        String key(long number, String answer) {
            return String.valueOf(number);
        }

        /** By what the records of this route tell their requests from others, in the order of the records. */
        public List<String> keys(List<JsonObject> records) {
            return records.stream()
                    .filter(record -> path.equals(record.getString("endpoint")))
                    .map(record -> String.valueOf(record.getValue(field)))
                    .toList();
        }
    }

    private final AugurProcess server;
    private final Route route;
    private final AtomicLong number;
    private final CountDownLatch running;
    private final AtomicBoolean wanted = new AtomicBoolean(true);
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Set<String> refusals = ConcurrentHashMap.newKeySet();

    private HttpLoad(AugurProcess server, Route route, long first, int callers) {
        this.server = server;
        this.route = route;
        this.number = new AtomicLong(first);
        this.running = new CountDownLatch(callers);
    }

    /** Starts that many callers; their requests are numbered from {@code first} on. */
    public static HttpLoad start(AugurProcess server, Route route, long first, int callers) {
        var load = new HttpLoad(server, route, first, callers);
        for (int i = 0; i < callers; i++) {
            load.call();
        }
        return load;
    }

    /** What is asked. */
    public Route route() {
        return route;
    }

    /** How many got 200. */
    public long answered() {
        return answered.get();
    }

    /** How many got another status. */
    public long refused() {
        return refused.get();
    }

    /** Every different answer that was not 200: its status and body. */
    public Set<String> refusals() {
        return Set.copyOf(refusals);
    }

    /** The keys of those that got 200. */
    public List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** Waits until so many more got 200 than now. */
    public void goesOn(int more) throws Exception {
        long enough = answered() + more;
        TestServer.eventually(() -> answered() >= enough || running.getCount() == 0);
        if (answered() < enough) {
            throw new AssertionError("the server is gone: " + server.out() + server.err());
        }
    }

    /** Waits until more got another status than now. */
    public void isRefused() throws Exception {
        long now = refused();
        TestServer.eventually(() -> refused() > now);
    }

    /** Ends it and waits for the last answers. */
    public void stop() throws InterruptedException {
        wanted.set(false);
        awaitEnd();
    }

    /** Waits until the server is gone for every caller. */
    public void awaitEnd() throws InterruptedException {
        if (!running.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(running.getCount() + " callers of " + route + " still wait for an answer");
        }
    }

    private void call() {
        long mine = number.getAndIncrement();
        server.post(route.path, route.body(mine)).whenCompleteAsync((answer, gone) -> {
            if (answer != null) {
                note(mine, answer);
            }
            if (gone == null && wanted.get()) {
                call();
            } else {
                running.countDown();
            }
        });
    }

    private void note(long mine, HttpResponse<String> answer) {
        if (answer.statusCode() == 200) {
            acknowledged.add(route.key(mine, answer.body()));
            answered.incrementAndGet();
        } else {
            refusals.add(answer.statusCode() + " " + answer.body());
            refused.incrementAndGet();
        }
    }
}
