package dev.augur;

import dev.augur.config.HealthConfig;
import dev.augur.config.Role;
import dev.augur.config.ServerConfig;
import dev.augur.http.Readiness;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.BusPredictionLog;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Supplier;

/** What the health routes say about a node. Thread-safe. */
final class NodeReadiness {
    private NodeReadiness() {}

    static Readiness of(ServerConfig config, ModelRegistry models, BusPredictionLog log) {
        var conditions = new LinkedHashMap<String, Supplier<Optional<String>>>();
        if (config.roles().contains(Role.PREDICT)) {
            boolean all = config.health().ready() == HealthConfig.Ready.ALL;
            conditions.put(HealthConfig.MODELS, () -> models.fault(all));
        }
        conditions.put(HealthConfig.PREDICTION_LOG, log::trouble);
        return new Readiness(models::progress, conditions, config.health().required());
    }
}
