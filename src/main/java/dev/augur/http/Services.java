package dev.augur.http;

import dev.augur.demo.Tutorial;
import dev.augur.inference.ModelControl;
import dev.augur.inference.ModelRegistry;
import dev.augur.inference.Predictor;
import dev.augur.metrics.Meters;
import dev.augur.pipeline.Pipelines;
import java.util.Optional;

/**
 * What the HTTP surface passes requests on to. Thread-safe.
 *
 * @param tutorial absent on a node that does not predict
 * @param version the server's version
 */
public record Services(
        Optional<Tutorial> tutorial,
        Predictor predictor,
        ModelRegistry models,
        Pipelines pipelines,
        ModelControl control,
        Readiness readiness,
        Meters meters,
        BodyMemory bodyMemory,
        Recording recording,
        String version) {}
