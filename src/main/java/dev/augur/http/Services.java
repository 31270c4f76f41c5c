package dev.augur.http;

import dev.augur.demo.Tutorial;
import dev.augur.inference.ModelControl;
import dev.augur.inference.ModelRegistry;
import dev.augur.inference.Predictor;
import dev.augur.metrics.Meters;
import dev.augur.pipeline.Pipelines;
import dev.augur.predictionlog.OutcomeLog;
import dev.augur.predictionlog.reading.PredictionLogReader;
import dev.augur.serving.BodyMemory;
import dev.augur.serving.Recording;
import java.util.Optional;

/**
 * What the HTTP surface passes requests on to. Thread-safe.
 *
 * @param tutorial absent on a node that does not predict
 * @param recorded absent on a node that does not write the prediction log
 * @param version the server's version
 */
public record Services(
        Optional<Tutorial> tutorial,
        Predictor predictor,
        ModelRegistry models,
        Pipelines pipelines,
        ModelControl control,
        Optional<Recorded> recorded,
        Readiness readiness,
        Meters meters,
        BodyMemory bodyMemory,
        Recording recording,
        String version) {

    /**
     * The prediction log of this node.
     *
     * @param outcomes takes what turned out to be true
     * @param node this node's name
     */
    public record Recorded(PredictionLogReader reader, OutcomeLog outcomes, String node) {}
}
