package dev.augur.inference;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import java.time.Instant;
import java.util.List;

/** Runs a model for a batch and answers its members. Called on worker threads. */
final class BatchExecution {
    private final Model model;
    private final ModelStatistics statistics;

    BatchExecution(Model model, ModelStatistics statistics) {
        this.model = model;
        this.statistics = statistics;
    }

    /** Answers every member. When a batch of several fails, each is tried again alone, so that a bad request fails no other. */
    void run(Batch batch) {
        if (batch.abandoned()) { // between leaving the queue and getting here
            var gone = new ServingException(ErrorCode.CANCELLED, "the client left before the prediction began");
            batch.members().forEach(member -> member.fail(gone));
            return;
        }
        long started = System.nanoTime();
        var startedAt = Instant.now();
        try {
            var inputs = batch.inputs();
            long joined = System.nanoTime();
            var outputs = model.predict(inputs, batch.members().get(0).outputs(), batch.run());
            long predicted = System.nanoTime();
            var parts = batch.split(outputs);
            statistics.succeeded(batch, new ModelStatistics.Stamps(started, joined, predicted, System.nanoTime()));
            var endedAt = Instant.now();
            for (int i = 0; i < parts.size(); i++) {
                batch.members().get(i).ran(startedAt, endedAt, batch.rows());
                batch.members().get(i).succeed(parts.get(i));
            }
        } catch (Exception failure) {
            if (batch.members().size() > 1) {
                batch.members().stream().filter(member -> !member.abandoned()).forEach(this::runAlone);
            } else {
                statistics.failed(batch, System.nanoTime() - started);
                batch.members().get(0).fail(failure);
            }
        }
    }

    private void runAlone(Inference member) {
        var alone = new Batch(List.of(member), BatchClosed.RETRIED);
        member.joined(alone);
        run(alone);
    }
}
