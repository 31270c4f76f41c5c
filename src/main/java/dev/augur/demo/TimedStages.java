package dev.augur.demo;

import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
import dev.augur.model.demo.Doubler;
import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The tutorial's stages for one request, which tell its timeline when they begin and end, and on which thread. From the
 * moment it is there until a worker takes it, and between two stages, it waits. Thread-safe.
 */
final class TimedStages {
    private TimedStages() {}

    /** The same stages for the request of that timeline. */
    static Tutorial.Stages of(Tutorial.Stages stages, Timeline timeline) {
        timeline.begin(Stage.QUEUE);
        return new Tutorial.Stages(
                new Metadata(stages.blockingMetadata(), timeline),
                new Store(stages.metadataStore(), timeline),
                new Prediction(stages.doubler(), timeline),
                stages.recording());
    }

    private static final class Metadata extends BlockingMetadata {
        private final BlockingMetadata metadata;
        private final Timeline timeline;

        private Metadata(BlockingMetadata metadata, Timeline timeline) {
            super(Duration.ZERO);
            this.metadata = metadata;
            this.timeline = timeline;
        }

        @Override
        public String fetch(long itemId) throws InterruptedException {
            timeline.end(Stage.QUEUE);
            timeline.begin(Stage.FETCH);
            String found = metadata.fetch(itemId);
            timeline.end(Stage.FETCH);
            return found;
        }
    }

    private record Store(FeatureStore store, Timeline timeline) implements FeatureStore {
        @Override
        public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
            timeline.begin(Stage.FETCH);
            return store.fetch(entityKeys).onSuccess(found -> {
                timeline.end(Stage.FETCH);
                timeline.begin(Stage.QUEUE);
            });
        }

        @Override
        public int maxKeys() {
            return store.maxKeys();
        }

        @Override
        public Future<Void> close() {
            return store.close();
        }
    }

    private static final class Prediction extends Doubler {
        private final Doubler doubler;
        private final Timeline timeline;

        private Prediction(Doubler doubler, Timeline timeline) {
            super(Duration.ZERO);
            this.doubler = doubler;
            this.timeline = timeline;
        }

        @Override
        public double predict(double featureValue) throws InterruptedException {
            timeline.end(Stage.QUEUE);
            timeline.begin(Stage.PREDICT);
            double prediction = doubler.predict(featureValue);
            timeline.end(Stage.PREDICT);
            return prediction;
        }
    }
}
