package dev.augur.config;

import java.util.Set;

/**
 * When this node says that it wants requests.
 *
 * @param ready how many of its models must be served
 * @param required what must be well: {@code models}, {@code prediction-log}
 */
public record HealthConfig(Ready ready, Set<String> required) {
    /** The models. */
    public static final String MODELS = "models";

    /** Whether records of predictions are acknowledged. */
    public static final String PREDICTION_LOG = "prediction-log";

    /** How many models must be served. */
    public enum Ready {
        ANY,
        ALL
    }

    public HealthConfig {
        required = Set.copyOf(required);
    }
}
