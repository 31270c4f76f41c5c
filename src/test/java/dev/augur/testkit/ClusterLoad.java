package dev.augur.testkit;

import dev.augur.client.AugurClient;
import dev.augur.client.CallOptions;
import dev.augur.inference.InferenceRequest;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A steady load of a cluster: callers over HTTP, which take one of the nodes that answer ready as a load balancer does,
 * callers over the event bus, and those that do so by {@link AugurClient}. Each asks a model whose records follow its
 * answers and a pipeline whose answers wait for theirs. Thread-safe.
 */
public final class ClusterLoad implements AutoCloseable {
    private static final int CALLERS = 2; // of each way
    private static final long PAUSE_MILLIS = 50;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final long BUS_MILLIS = 3_000;
    private static final JsonObject ITEM = new JsonObject().put("item_id", 43);
    private static final JsonObject ROW = new JsonObject(
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}");

    private static final InferenceRequest TENSOR =
            InferenceRequest.of("iris", Tensor.ofFloats("features", Shape.of(1, 4), 5.1f, 3.5f, 1.4f, 0.2f));

    /** What the caller of a request got that failed: by which way it went, and when it was sent. */
    public record Failure(Way way, long sentNanos, String what) {}

    /** How a request went, to what. */
    public enum Way {
        HTTP_MODEL("/v2/models/iris/infer", ROW),
        HTTP_PIPELINE("/predict/wine", ITEM),
        BUS_MODEL("augur.models.iris", ROW),
        BUS_PIPELINE("augur.pipelines.wine", ITEM),
        CLIENT_MODEL("iris", ROW),
        CLIENT_PIPELINE("wine", ITEM);

        private final String place;
        private final JsonObject body;

        Way(String place, JsonObject body) {
            this.place = place;
            this.body = body;
        }

        /** Whether nobody but the caller himself asks again. */
        public boolean bare() {
            return this == BUS_MODEL || this == BUS_PIPELINE;
        }
    }

    private final Supplier<List<AugurProcess>> nodes;
    private final Vertx vertx;
    private final AugurClient overBus;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService callers =
            Executors.newScheduledThreadPool(Way.values().length * CALLERS + 1);
    private final List<AugurProcess> ready = new CopyOnWriteArrayList<>();
    private final Map<Way, AtomicLong> answered = new ConcurrentHashMap<>();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Failure> lost = new ConcurrentLinkedQueue<>();
    private final Queue<String> records = new ConcurrentLinkedQueue<>();
    private final AtomicLong turn = new AtomicLong();

    private ClusterLoad(Supplier<List<AugurProcess>> nodes, Vertx vertx, AugurClient overBus) {
        this.nodes = nodes;
        this.vertx = vertx;
        this.overBus = overBus;
        for (Way way : Way.values()) {
            answered.put(way, new AtomicLong());
        }
    }

    /**
     * Starts it.
     *
     * @param nodes those that HTTP may be asked of now
     * @param vertx a member of the cluster
     * @param overBus the client on it
     */
    public static ClusterLoad start(Supplier<List<AugurProcess>> nodes, Vertx vertx, AugurClient overBus) {
        var load = new ClusterLoad(nodes, vertx, overBus);
        load.look();
        load.every(100, load::look);
        for (Way way : Way.values()) {
            for (int i = 0; i < CALLERS; i++) {
                load.every(PAUSE_MILLIS, load.caller(way));
            }
        }
        return load;
    }

    /** Waits until each kind of request was answered so many times more. */
    public void goesOn(int more, Way... ways) throws Exception {
        for (Way way : ways.length == 0 ? Way.values() : ways) {
            long enough = answered.get(way).get() + more;
            try {
                TestServer.within(60, () -> answered.get(way).get() >= enough);
            } catch (AssertionError late) {
                throw new AssertionError(
                        way + ": answered " + answered + ", lost " + lost + ", failed " + failures + ", ready " + ready,
                        late);
            }
        }
    }

    /** Every request that got no answer of 200; over the event bus, not when it was asked again either. */
    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** What was asked again. */
    public List<Failure> lost() {
        return List.copyOf(lost);
    }

    /** The records that answers of the pipeline named. */
    public List<String> records() {
        return List.copyOf(records);
    }

    /** Ends it and waits for the last answers. */
    public void stop() throws InterruptedException {
        callers.shutdown();
        if (!callers.awaitTermination(2 * LONGEST.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("callers still wait for an answer");
        }
    }

    @Override
    public void close() {
        callers.shutdownNow();
    }

    private void every(long millis, Runnable what) {
        var started = callers.scheduleWithFixedDelay(what, 0, millis, TimeUnit.MILLISECONDS);
        assert !started.isCancelled();
    }

    private Runnable caller(Way way) {
        return switch (way) {
            case HTTP_MODEL, HTTP_PIPELINE -> () -> askOverHttp(way);
            case BUS_MODEL, BUS_PIPELINE -> () -> askOverBus(way);
            case CLIENT_MODEL, CLIENT_PIPELINE -> () -> askByClient(way);
        };
    }

    /** As a load balancer looks, again and again. */
    private void look() {
        for (AugurProcess node : nodes.get()) {
            boolean answers = answersReady(node);
            if (answers && !ready.contains(node)) {
                ready.add(node);
            } else if (!answers) {
                ready.remove(node);
            }
        }
        ready.retainAll(nodes.get());
    }

    private boolean answersReady(AugurProcess node) {
        try {
            var request = HttpRequest.newBuilder(URI.create(node.url() + "/health/ready"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
        } catch (Exception e) {
            return false;
        }
    }

    private void askOverHttp(Way way) {
        long sent = System.nanoTime();
        try {
            var answer = client.send(request(way), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                note(way, answer.body());
            } else {
                failures.add(new Failure(way, sent, told(answer, sent)));
            }
        } catch (Exception e) {
            failures.add(new Failure(way, sent, e.toString()));
        }
    }

    private static String told(HttpResponse<String> answer, long sent) {
        long millis = Duration.ofNanos(System.nanoTime() - sent).toMillis();
        return answer.statusCode() + " " + answer.body() + " after " + millis + " ms from "
                + answer.headers()
                        .firstValue("X-Augur-Node")
                        .orElse(answer.uri().getAuthority());
    }

    private HttpRequest request(Way way) {
        var some = List.copyOf(ready);
        if (some.isEmpty()) {
            throw new IllegalStateException("no node is ready");
        }
        var node = some.get((int) (turn.getAndIncrement() % some.size()));
        return HttpRequest.newBuilder(URI.create(node.url() + way.place))
                .header("Content-Type", "application/json")
                .header("X-Request-Timeout", LONGEST.toSeconds() + "s")
                .timeout(LONGEST.plusSeconds(5))
                .POST(HttpRequest.BodyPublishers.ofString(way.body.encode()))
                .build();
    }

    /** What the bus has lost is asked again, once, as a caller of the bus has to do. */
    private void askOverBus(Way way) {
        tryOverBus(way).ifPresent(first -> {
            lost.add(first);
            tryOverBus(way).ifPresent(failures::add);
        });
    }

    private Optional<Failure> tryOverBus(Way way) {
        var options = new DeliveryOptions().setSendTimeout(BUS_MILLIS);
        long sent = System.nanoTime();
        try {
            var answer = vertx.eventBus().<JsonObject>request(way.place, way.body, options);
            note(way, TestServer.await(answer).body().encode());
            return Optional.empty();
        } catch (Exception e) {
            return Optional.of(new Failure(way, sent, String.valueOf(e.getCause())));
        }
    }

    private void askByClient(Way way) {
        long sent = System.nanoTime();
        var options = CallOptions.within(LONGEST);
        try {
            note(
                    way,
                    way == Way.CLIENT_MODEL
                            ? TestServer.await(overBus.infer(TENSOR, options)).model()
                            : TestServer.await(overBus.predict(way.place, way.body, options))
                                    .encode());
        } catch (Exception e) {
            failures.add(new Failure(way, sent, String.valueOf(e.getCause())));
        }
    }

    private void note(Way way, String answer) {
        if (way.body == ITEM) {
            records.add(new JsonObject(answer).getString("record_id"));
        }
        answered.get(way).incrementAndGet();
    }
}
