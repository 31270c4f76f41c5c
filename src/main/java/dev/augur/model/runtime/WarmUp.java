package dev.augur.model.runtime;

import dev.augur.model.InputCheck;
import dev.augur.model.Model;
import dev.augur.model.Run;
import dev.augur.tensor.Tensor;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a model a few times before its first request, on one made-up row: the first run of a session is many times
 * slower than the later ones. Called on a worker thread; blocks.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Vertx vertx;

    WarmUp(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Warms a model up, or leaves it as it was where it takes no such row. A run that does not end is stopped.
     *
     * @return a run that it took, as an example to others
     */
    Optional<ExampleRun> done(Model model, int runs) {
        if (runs == 0) {
            return Optional.empty();
        }
        var attempt = new Attempt(model, runs);
        long timer = vertx.setTimer(LIMIT.toMillis(), late -> attempt.stop());
        try {
            return ExampleRows.of(model.metadata())
                    .map(attempt::take)
                    .flatMap(Optional::stream)
                    .findFirst();
        } finally {
            vertx.cancelTimer(timer);
            attempt.tell();
        }
    }

    /** Whether requests to a model that is warm are joined. */
    BatchDecision batching(Model model, ModelConfig.Batching config) {
        return new RowCheck(vertx).decide(model, config);
    }

    /** A model that is given one row after another until it takes one. */
    private static final class Attempt {
        private final Model model;
        private final List<String> outputs;
        private final Run run = new Run();
        private int left;
        private boolean warm;
        private String fault = "";
        private volatile boolean late;

        private Attempt(Model model, int runs) {
            this.model = model;
            this.outputs = new InputCheck(model.metadata()).outputs(List.of());
            this.left = runs;
        }

        /** Runs it on this row as often as is still to be done; the first run is the example. */
        private Optional<ExampleRun> take(List<Tensor> inputs) {
            if (late || (warm && ExampleRun.isTooLarge(inputs))) {
                return Optional.empty();
            }
            try {
                var example = ExampleRun.of(inputs, predicted(inputs));
                for (warm = true, left--; left > 0; left--) {
                    var unused = predicted(inputs);
                }
                return example;
            } catch (RuntimeException e) {
                fault = String.valueOf(e.getMessage());
                return Optional.empty();
            }
        }

        private List<Tensor> predicted(List<Tensor> inputs) {
            var predicted = model.predict(inputs, outputs, run);
            if (predicted.size() != outputs.size()) {
                throw new IllegalStateException("it did not yield all its outputs");
            }
            return predicted;
        }

        private void stop() {
            late = true;
            run.stop();
        }

        private void tell() {
            if (!warm && !fault.isEmpty()) {
                var metadata = model.metadata();
                LOG.info("model {} version {} was not warmed up: {}", metadata.name(), metadata.version(), fault);
            }
        }
    }
}
