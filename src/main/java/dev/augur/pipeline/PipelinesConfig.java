package dev.augur.pipeline;

import dev.augur.feature.FeatureStoreKind;
import dev.augur.feature.LookupConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The feature stores, by name, and the pipelines that use them. Thread-safe. */
public record PipelinesConfig(Map<String, Store> stores, List<PipelineConfig> pipelines) {
    public PipelinesConfig {
        stores = new LinkedHashMap<>(stores);
        pipelines = List.copyOf(pipelines);
    }

    /**
     * A feature store as configured.
     *
     * @param lookup what stands in front of it
     */
    public record Store(FeatureStoreKind.Opening opening, LookupConfig lookup) {}
}
