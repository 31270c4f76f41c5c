package dev.augur.demo;

import static java.util.Objects.requireNonNull;

import dev.augur.feature.FeatureStore;
import dev.augur.model.demo.Doubler;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Set;

/**
 * The tutorial: four ways to fetch an item's metadata and predict from its feature value, from the one that does everything by
 * waiting to the one that waits for nothing. Each is one method, to be read side by side with the original. What the original shows
 * by freezing its server is shown here without freezing: work that blocks runs on a worker, never on the event loop, and where the
 * original handles one request after another, there is one worker.
 *
 * <p>Each method takes the request, and a future that completes when its answer has been sent or its client has left. Each fails with
 * {@code OVERLOADED} when its pool is full, with {@code CANCELLED} when the client left before the prediction began, and with
 * {@code NOT_READY} when the node is stopping. Thread-safe.
 */
public final class Tutorial {
    /** The model's name in the prediction log. */
    public static final String MODEL = "doubler";

    private final BlockingMetadata blockingMetadata;
    private final FeatureStore metadataStore;
    private final Doubler doubler;
    private final Pools pools;
    private final LogWrite write;
    private final String node;

    /**
     * The workers of the routes.
     *
     * @param sync the one worker of {@code /predict_sync}
     * @param asyncIo the one worker of {@code /predict_async_io}
     * @param many the workers of the other two routes, 40 by default
     */
    public record Pools(WorkerPool sync, WorkerPool asyncIo, WorkerPool many) {}

    /** Where the two stages come from, and where the records go. */
    public record Stages(
            BlockingMetadata blockingMetadata, FeatureStore metadataStore, Doubler doubler, LogWrite log) {}

    /**
     * Where a record goes.
     *
     * @param delay simulated time of the write
     */
    public record LogWrite(PredictionLog log, Duration delay) {}

    /**
     * The four routes of one node.
     *
     * @param node this node's name in the prediction log
     */
    public Tutorial(Stages stages, Pools pools, String node) {
        this.blockingMetadata = stages.blockingMetadata();
        this.metadataStore = stages.metadataStore();
        this.doubler = stages.doubler();
        this.write = stages.log();
        this.pools = pools;
        this.node = node;
    }

    /** The fetch blocks and the prediction blocks, on the same thread: ten requests take ten times as long as one. */
    public Future<PredictAnswer> predictSync(PredictRequest request, Future<Void> answeredOrLeft) {
        return pools.sync().run(answeredOrLeft, () -> {
            String metadata = blockingMetadata.fetch(request.itemId());
            return predict(request, metadata);
        });
    }

    /** The fetches hold no thread and overlap; the predictions still block, one after another, on the only worker. */
    public Future<PredictAnswer> predictAsyncIo(PredictRequest request, Future<Void> answeredOrLeft) {
        return pools.asyncIo().admit(answeredOrLeft, place -> fetchMetadata(request)
                .compose(metadata -> place.run(() -> predict(request, metadata))));
    }

    /** The fetches overlap, and so do the predictions, as many as there are workers: ten requests take as long as one. */
    public Future<PredictAnswer> predictFullAsync(PredictRequest request, Future<Void> answeredOrLeft) {
        return pools.many().admit(answeredOrLeft, place -> fetchMetadata(request)
                .compose(metadata -> place.run(() -> predict(request, metadata))));
    }

    /** As {@link #predictFullAsync}; once the answer has been sent, or the client has left, a record goes to the prediction log. */
    public Future<PredictAnswer> predictWithBackground(PredictRequest request, Future<Void> answeredOrLeft) {
        var draft = new RecordDraft(request, node);
        var answer = pools.many().admit(answeredOrLeft, place -> fetchMetadata(request)
                .onSuccess(draft::fetched)
                .compose(metadata -> place.run(() -> predict(request, metadata)))
                .onComplete(predicted -> draft.predicted(place)));
        // the record is made when both are over; nobody waits for it here
        write.log().append(draft.record(answer, answeredOrLeft), write.delay());
        return answer;
    }

    /** Blocks for as long as the prediction takes; called on a worker. */
    private PredictAnswer predict(PredictRequest request, String metadata) throws InterruptedException {
        double prediction = doubler.predict(request.featureValue());
        return new PredictAnswer(request.itemId(), metadata, prediction);
    }

    private Future<String> fetchMetadata(PredictRequest request) {
        Object item = request.itemId();
        return metadataStore.fetch(Set.of(item)).map(found -> requireNonNull(found.get(item))
                .text(BlockingMetadata.NAME));
    }
}
