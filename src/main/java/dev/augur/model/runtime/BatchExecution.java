package dev.augur.model.runtime;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Runs a model for a batch and answers its members. Called on worker threads. */
final class BatchExecution {
    private final Model model;
    private final ModelStatistics statistics;
    private final Consumer<String> inseparable;

    /**
     * Runs that model.
     *
     * @param inseparable told why answers could not be taken apart; requests should not be joined any more then
     */
    BatchExecution(Model model, ModelStatistics statistics, Consumer<String> inseparable) {
        this.model = model;
        this.statistics = statistics;
        this.inseparable = inseparable;
    }

    /**
     * Answers every member. When a batch of several fails, each is tried again alone, so that a bad request fails no
     * other.
     */
    void run(Batch batch) {
        try {
            answer(batch);
        } finally {
            batch.end();
        }
    }

    private void answer(Batch batch) {
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
            batch.members().forEach(member -> member.ran(startedAt, endedAt, batch.rows()));
            new Delivery(batch.members(), parts).begin();
        } catch (Exception failure) {
            if (failure instanceof UnequalRows) {
                inseparable.accept(failure.getMessage());
            }
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
