package dev.augur.feature;

import dev.augur.feature.csv.CsvStoreKind;
import dev.augur.feature.http.HttpStoreKind;
import dev.augur.feature.redis.RedisStoreKind;
import dev.augur.feature.sql.SqlStoreKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The kinds of feature stores that a configuration can name. Thread-safe. */
public final class FeatureStores {
    private final Map<String, FeatureStoreKind> kinds;

    /** These kinds alone, by the name the configuration uses. */
    public FeatureStores(Map<String, FeatureStoreKind> kinds) {
        this.kinds = new LinkedHashMap<>(kinds);
    }

    /** Those that come with the server. A new kind is one line here. */
    public static FeatureStores builtIn() {
        Map<String, FeatureStoreKind> kinds = new LinkedHashMap<>();
        kinds.put("csv", new CsvStoreKind());
        kinds.put("sql", new SqlStoreKind());
        kinds.put("redis", new RedisStoreKind());
        kinds.put("http", new HttpStoreKind());
        kinds.put("timer", new TimerStoreKind());
        return new FeatureStores(kinds);
    }

    /** The names that a configuration can use. */
    public Set<String> names() {
        return Set.copyOf(kinds.keySet());
    }

    /** Reads the settings of one store; its {@code kind} among them says which reads the rest. */
    public FeatureStoreKind.Opening read(Section settings) {
        String name = settings.text("kind");
        var kind = kinds.get(name);
        if (kind == null) {
            settings.problem(
                    "kind", Shown.text(name) + " is not allowed, expected one of " + String.join(", ", kinds.keySet()));
            return FeatureStoreKind.Opening.none();
        }
        return kind.read(settings);
    }
}
