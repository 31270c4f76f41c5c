package dev.augur.feature.redis;

import dev.augur.feature.remote.RemoteLimits;
import java.util.Map;

/**
 * A store in Redis as configured: one hash for each entity. Thread-safe.
 *
 * @param name the store's name in messages
 * @param keyTemplate the name of an entity's hash, with <code>{id}</code> once, where the entity's key stands
 * @param fields the features and how to read them; none for all fields of the hash, each as {@link FieldType#INFERRED}
 */
public record RedisStoreConfig(
        String name,
        RedisConnectConfig connect,
        String keyTemplate,
        Map<String, FieldType> fields,
        RemoteLimits limits) {
    private static final String PLACE = "{id}";

    public RedisStoreConfig {
        fields = Map.copyOf(fields);
        if (keyTemplate.split("\\{id}", -1).length != 2) {
            throw new IllegalArgumentException(
                    "key template \"" + keyTemplate + "\" must have " + PLACE + " once, such as wine:" + PLACE);
        }
    }

    /** The name of an entity's hash. */
    String hash(String entityKey) {
        int place = keyTemplate.indexOf(PLACE);
        return keyTemplate.substring(0, place) + entityKey + keyTemplate.substring(place + PLACE.length());
    }
}
