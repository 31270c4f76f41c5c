package dev.augur.demo;

import static java.util.Objects.requireNonNull;

import dev.augur.feature.FeatureStore;
import dev.augur.model.demo.Doubler;
import dev.augur.predictionlog.recording.Recording;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tutorial: four ways to fetch an item's metadata and predict from its feature value, from the one that does
 * everything by waiting to the one that waits for nothing. Each is one method, to be read side by side with the
 * original. What the original shows by freezing its server is shown here without freezing: work that blocks runs on a
 * worker, never on the event loop, and where the original handles one request after another, there is one worker.
 *
 * <p>Each method takes the request, and a future that completes when its answer has been sent or its client has left.
 * Each fails with {@code OVERLOADED} when its pool is full, with {@code CANCELLED} when the client left before the
 * prediction began, and with {@code NOT_READY} when the node is stopping. Thread-safe.
 */
public final class Tutorial {
    /** The model's name in the prediction log. */
    public static final String MODEL = "doubler";

    private static final Logger LOG = LoggerFactory.getLogger(Tutorial.class);

    private final BlockingMetadata blockingMetadata;
    private final FeatureStore metadataStore;
    private final Doubler doubler;
    private final Pools pools;
    private final Recording recording;

    /**
     * The workers of the routes.
     *
     * @param sync the one worker of {@code /predict_sync}
     * @param asyncIo the one worker of {@code /predict_async_io}
     * @param many the workers of the other two routes, 40 by default
     */
    public record Pools(WorkerPool sync, WorkerPool asyncIo, WorkerPool many) {
        List<WorkerPool> all() {
            return List.of(sync, asyncIo, many);
        }
    }

    /** Where the two stages come from, and where the records go. */
    public record Stages(
            BlockingMetadata blockingMetadata, FeatureStore metadataStore, Doubler doubler, Recording recording) {}

    /** The four routes of one node. */
    public Tutorial(Stages stages, Pools pools) {
        this.blockingMetadata = stages.blockingMetadata();
        this.metadataStore = stages.metadataStore();
        this.doubler = stages.doubler();
        this.recording = stages.recording();
        this.pools = pools;
    }

    /** The fetch blocks and the prediction blocks, on the same thread: ten requests take ten times as long as one. */
    public Future<PredictAnswer> predictSync(PredictRequest request, Future<Integer> answeredOrLeft) {
        return pools.sync().run(answeredOrLeft, () -> {
            String metadata = blockingMetadata.fetch(request.itemId());
            return predict(request, metadata);
        });
    }

    /** The fetches hold no thread and overlap; the predictions still block, one after another, on the only worker. */
    public Future<PredictAnswer> predictAsyncIo(PredictRequest request, Future<Integer> answeredOrLeft) {
        return pools.asyncIo().admit(answeredOrLeft, place -> fetchMetadata(request.itemId())
                .compose(metadata -> place.run(() -> predict(request, metadata))));
    }

    /**
     * The fetches overlap, and so do the predictions, as many as there are workers: ten requests take as long as one.
     */
    public Future<PredictAnswer> predictFullAsync(PredictRequest request, Future<Integer> answeredOrLeft) {
        return pools.many().admit(answeredOrLeft, place -> fetchMetadata(request.itemId())
                .compose(metadata -> place.run(() -> predict(request, metadata))));
    }

    /**
     * As {@link #predictFullAsync}; once the answer has been sent, or the client has left, a record goes to the
     * prediction log.
     */
    public Future<PredictAnswer> predictWithBackground(PredictRequest request, Future<Integer> answeredOrLeft) {
        var draft = new RecordDraft(request, recording);
        var answer = pools.many().admit(answeredOrLeft, place -> fetchMetadata(request.itemId())
                .onSuccess(draft::fetched)
                .compose(metadata -> place.run(() -> draft.timed(() -> predict(request, metadata)))));
        draft.recordWhenOver(answer, answeredOrLeft); // and nobody waits for it here
        return answer;
    }

    /** Blocks for as long as the prediction takes; called on a worker. */
    private PredictAnswer predict(PredictRequest request, String metadata) throws InterruptedException {
        LOG.info("predicting for item {}", request.itemId());
        double prediction = doubler.predict(request.featureValue());
        LOG.info("predicted {} for item {}", prediction, request.itemId());
        return new PredictAnswer(request.itemId(), metadata, prediction);
    }

    /** Holds no thread while it waits. */
    Future<String> fetchMetadata(long itemId) {
        LOG.info("fetching metadata for item {}", itemId);
        Object item = itemId;
        return metadataStore
                .fetch(Set.of(item))
                .map(found -> requireNonNull(found.get(item)).text(BlockingMetadata.NAME))
                .onSuccess(metadata -> LOG.info("fetched metadata for item {}", itemId));
    }
}
