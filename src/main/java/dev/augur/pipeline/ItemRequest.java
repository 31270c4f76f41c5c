package dev.augur.pipeline;

import java.util.Map;

/**
 * One entity to predict for. Thread-safe.
 *
 * @param itemId a {@code Long} or a {@code String}
 * @param features values that the request gives itself, in place of those of the store: a {@code Long}, {@code Double},
 *     {@code Boolean} or {@code String} each
 */
public record ItemRequest(Object itemId, Map<String, Object> features) {
    public ItemRequest {
        features = Map.copyOf(features);
    }
}
