package dev.augur.demo;

import dev.augur.feature.FeatureStore;
import dev.augur.model.demo.Doubler;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;

/**
 * The tutorial: four ways to fetch an item's metadata and predict from its feature value, from the one that does everything by
 * waiting to the one that waits for nothing. Each is one method, to be read side by side with the original. What the original shows
 * by freezing its server is shown here without freezing: work that blocks runs on a worker, never on the event loop, and where the
 * original handles one request after another, there is one worker. Thread-safe.
 *
 * <p>Each method takes the request and the exchange with its client, which completes when the answer has been sent or the client has
 * left. Each fails with {@code OVERLOADED} when its pool is full, and with {@code CANCELLED} when the client left before the
 * prediction began.
 */
public final class Tutorial {
    /** The model's name in the prediction log. */
    public static final String MODEL = "doubler";

    private final BlockingMetadata blockingMetadata;
    private final FeatureStore metadataStore;
    private final Doubler doubler;
    private final Pools pools;
    private final PredictionLog log;
    private final String node;

    /** The worker pools of the routes; the last two share one. */
    public record Pools(WorkerPool sync, WorkerPool asyncIo, WorkerPool full) {}

    /** Where the two stages come from, and where the records go. */
    public record Stages(
            BlockingMetadata blockingMetadata, FeatureStore metadataStore, Doubler doubler, PredictionLog log) {}

    /**
     * The four routes of one node.
     *
     * @param node this node's name in the prediction log
     */
    public Tutorial(Stages stages, Pools pools, String node) {
        this.blockingMetadata = stages.blockingMetadata();
        this.metadataStore = stages.metadataStore();
        this.doubler = stages.doubler();
        this.log = stages.log();
        this.pools = pools;
        this.node = node;
    }

    /** The fetch blocks and the prediction blocks, on the same thread: ten requests take ten times as long as one. */
    public Future<PredictAnswer> predictSync(PredictRequest request, Future<Void> exchange) {
        return pools.sync().run(exchange, () -> {
            String metadata = blockingMetadata.fetch(request.itemId());
            double prediction = doubler.predict(request.featureValue());
            return new PredictAnswer(request.itemId(), metadata, prediction);
        });
    }

    /** The fetch holds no thread, so all fetches overlap; the predictions still block, one after another. */
    public Future<PredictAnswer> predictAsyncIo(PredictRequest request, Future<Void> exchange) {
        return pools.asyncIo().admit(exchange, worker -> fetchMetadata(request)
                .compose(metadata -> worker.run(() -> doubler.predict(request.featureValue()))
                        .map(prediction -> new PredictAnswer(request.itemId(), metadata, prediction))));
    }

    /** The fetches overlap, and so do the predictions, as many as there are workers: ten requests take as long as one. */
    public Future<PredictAnswer> predictFullAsync(PredictRequest request, Future<Void> exchange) {
        return pools.full().admit(exchange, worker -> fetchMetadata(request)
                .compose(metadata -> worker.run(() -> doubler.predict(request.featureValue()))
                        .map(prediction -> new PredictAnswer(request.itemId(), metadata, prediction))));
    }

    /** As {@link #predictFullAsync}; when the answer has been sent, or the client has left, a record goes to the prediction log. */
    public Future<PredictAnswer> predictWithBackground(PredictRequest request, Future<Void> exchange) {
        var draft = new RecordDraft(request, node);
        var answer = pools.full().admit(exchange, worker -> fetchMetadata(request)
                .onSuccess(draft::fetched)
                .compose(metadata -> worker.run(() -> doubler.predict(request.featureValue()))
                        .onComplete(predicted -> draft.predicted(worker))
                        .map(prediction -> new PredictAnswer(request.itemId(), metadata, prediction))));
        log.append(draft.record(answer, exchange));
        return answer;
    }

    private Future<String> fetchMetadata(PredictRequest request) {
        return metadataStore.fetch(request.itemId()).map(features -> features.text(BlockingMetadata.NAME));
    }
}
