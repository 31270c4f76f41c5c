package dev.augur.pipeline;

import static dev.augur.testkit.TestServer.await;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureLookup;
import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupConfig;
import dev.augur.feature.LookupSettings;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.LogRecord;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.recording.Recording;
import dev.augur.request.BodyMemory;
import dev.augur.request.Caller;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the items of a test go through: a store that answers when told, a model that doubles {@code x}, a log that is
 * held.
 */
final class ItemsRunBed {
    static final int KEYS = 32; // of a fetch; there is one at a time
    static final int MOST_WAITING = 200;
    private static final Shape ROW = Shape.of(Shape.VARIABLE, 1);

    final Vertx vertx;
    final Context loop;
    final Turnstile turnstile = new Turnstile();
    final Promise<Integer> gone = Promise.promise();
    final Promise<Void> acknowledged = Promise.promise();
    final List<Object> asked = new CopyOnWriteArrayList<>();
    final List<Double> predicted = new CopyOnWriteArrayList<>();
    final List<Future<PredictionRecord>> records = new CopyOnWriteArrayList<>();
    Delivery delivery = Delivery.OFF;
    double failOn = Double.NaN;

    private final ArrayDeque<Runnable> fetches = new ArrayDeque<>(); // of the event loop
    private final FeatureLookup lookup;

    ItemsRunBed(Vertx vertx) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        var config = LookupSettings.standard()
                .withTimeout(Duration.ofHours(2))
                .withBulkhead(new LookupConfig.Bulkhead(1, 1_000))
                .config();
        this.lookup = new FeatureLookup(vertx, "store", new HeldFetches(), config);
    }

    /** Fetches that end with {@link #answerStore}. */
    private final class HeldFetches implements FeatureStore {
        @Override
        public Future<Map<Object, FeatureVector>> fetch(Set<Object> keys) {
            Promise<Map<Object, FeatureVector>> found = Promise.promise();
            asked.addAll(keys);
            loop.runOnContext(turn -> fetches.add(() -> found.complete(keys.stream()
                    .collect(Collectors.toMap(
                            Function.identity(), key -> new FeatureVector(key, Map.of("x", key), Instant.now()))))));
            return found.future();
        }

        @Override
        public int maxKeys() {
            return KEYS;
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    /** Acknowledges what is stored when told. */
    private final class HeldLog implements PredictionLog {
        @Override
        public void append(PredictionRecord record) {
            append(Future.succeededFuture(record));
        }

        @Override
        public void append(Future<? extends LogRecord> record) {
            records.add(record.map(PredictionRecord.class::cast));
        }

        @Override
        public LogRecord written(PredictionRecord record) {
            return record;
        }

        @Override
        public Future<Void> store(Future<? extends LogRecord> record, Duration patience) {
            append(record);
            return acknowledged
                    .future()
                    .recover(failure -> Future.failedFuture(new ServingException(ErrorCode.NOT_READY, "no room")));
        }
    }

    /** The answers of these items; the run has begun. */
    List<Future<ItemAnswer>> run(Duration patience, List<ItemRequest> items) throws Exception {
        return run(patience, items, this::plan);
    }

    List<Future<ItemAnswer>> run(Duration patience, List<ItemRequest> items, Supplier<ItemsRun.Plan> plan)
            throws Exception {
        return onLoop(() -> begin(patience, items, plan));
    }

    List<Future<ItemAnswer>> begin(Duration patience, List<ItemRequest> items, Supplier<ItemsRun.Plan> plan) {
        var memory = BodyMemory.ofRequests(1);
        var caller = new Caller(
                gone.future(), memory.new Share(), memory.new Share(), /* trace= */ null, /* timeline= */ null);
        return new ItemsRun(steps(), config(), new ItemsRequest("/predict/p", items, patience, caller)).begin(plan);
    }

    /** The store answers whatever it was asked for until now. */
    void answerStore() throws Exception {
        settled();
        onLoop(() -> {
            for (var fetch = fetches.poll(); fetch != null; fetch = fetches.poll()) {
                fetch.run();
            }
            return true;
        });
    }

    /** Done when the event loop has done what it had to do, and what that brought, many times over. */
    void settled() throws Exception {
        for (int i = 0; i < 100; i++) {
            onLoop(() -> true);
        }
    }

    <T> T onLoop(Callable<T> action) throws Exception {
        Promise<T> done = Promise.promise();
        loop.runOnContext(turn -> {
            try {
                done.complete(action.call());
            } catch (Exception e) {
                done.fail(e);
            }
        });
        return await(done.future());
    }

    ItemsRun.Plan plan() {
        try {
            return new ItemsRun.Plan(ModelBinding.of(model(), config()), /* places= */ 4);
        } catch (PipelineFault e) {
            throw new AssertionError(e);
        }
    }

    private Pipeline.Steps steps() {
        return new Pipeline.Steps(
                vertx,
                lookup,
                (request, left) -> predict(request),
                new ModelRegistry(),
                new Recording(new HeldLog(), "node", model -> delivery, 0, Duration.ofHours(1)),
                turnstile);
    }

    private Future<InferenceResponse> predict(InferenceRequest request) {
        double x = request.inputs().get(0).toDoubles()[0];
        predicted.add(x);
        return x == failOn
                ? Future.failedFuture(new ServingException(ErrorCode.NOT_FOUND, "no model"))
                : Future.succeededFuture(new InferenceResponse(
                        null, "m", "1", null, List.of(Tensor.ofDoubles("y", Shape.of(1, 1), 2 * x)), null));
    }

    private PipelineConfig config() {
        return new PipelineConfig(
                "p",
                "store",
                "m",
                Optional.empty(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                new PipelineConfig.Limits(Duration.ofHours(1), 1_000, MOST_WAITING),
                delivery);
    }

    private static ModelMetadata model() {
        return new ModelMetadata(
                "m",
                "1",
                "test",
                List.of(new TensorMetadata("x", DataType.FP64, ROW)),
                List.of(new TensorMetadata("y", DataType.FP64, ROW)),
                Map.of());
    }
}
