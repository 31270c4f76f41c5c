package dev.augur.console;

import dev.augur.metrics.Meters;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.BusPredictionLog;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.timeline.Timelines;
import java.util.List;
import java.util.Optional;

/**
 * What the console tells of. Thread-safe.
 *
 * @param writer absent on a node that does not write the prediction log
 * @param redacted what {@code prediction-log.redact} names, which is not shown either
 * @param node the name and version of this node
 */
public record Sources(
        Timelines timelines,
        Meters meters,
        ModelRegistry models,
        BusPredictionLog log,
        Optional<PredictionLogVerticle> writer,
        List<String> redacted,
        Node node) {
    /** Who it is. */
    public record Node(String name, String version) {}

    /** Records that the log has taken so far: a page that has seen as many has seen all. */
    long written() {
        return writer.map(PredictionLogVerticle::storedSeq).orElseGet(log::stored);
    }
}
