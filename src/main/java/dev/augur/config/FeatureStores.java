package dev.augur.config;

import dev.augur.error.Shown;
import dev.augur.feature.FeatureStoreKind;
import dev.augur.setting.Plugins;
import dev.augur.setting.Section;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The kinds of feature stores that a configuration can name. Thread-safe. */
final class FeatureStores {
    private final Map<String, FeatureStoreKind> kinds = new LinkedHashMap<>();

    /**
     * These kinds alone.
     *
     * @throws IllegalStateException when two have the same name
     */
    FeatureStores(List<FeatureStoreKind> kinds) {
        for (FeatureStoreKind kind : kinds) {
            var same = this.kinds.putIfAbsent(kind.name(), kind);
            if (same != null) {
                throw new IllegalStateException("two kinds of feature stores have the name " + kind.name() + ": "
                        + same.getClass().getName() + " and " + kind.getClass().getName());
            }
        }
    }

    /** Those that come with the server, and those that were plugged in. */
    static FeatureStores ofClassPath() {
        return new FeatureStores(Plugins.ofClassPath(FeatureStoreKind.class));
    }

    /** The names that a configuration can use. */
    Set<String> names() {
        return Collections.unmodifiableSet(kinds.keySet());
    }

    /** Reads the settings of one store; its {@code kind} among them says which reads the rest. */
    FeatureStoreKind.Opening read(Section settings) {
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
