package dev.augur.model;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The models of this process: loaded ones, and those that could not be loaded with the reason. An immutable map that is swapped
 * as a whole, so any thread reads it without a lock. Thread-safe.
 */
public final class ModelRegistry {
    private record Entry(@Nullable Model model, @Nullable String fault) {}

    private volatile Map<String, Entry> entries = Map.of();

    /** Adds or replaces a loaded model. */
    public void add(Model model) {
        put(model.metadata().name(), new Entry(model, null));
    }

    /** Notes that a model is there and cannot be served. */
    public void addFailed(String name, String fault) {
        put(name, new Entry(null, fault));
    }

    /** Forgets every model. Does not close them. */
    public void clear() {
        entries = Map.of();
    }

    /**
     * The loaded model of that name.
     *
     * @param version {@code null} for the one that is loaded
     * @throws ServingException {@code NOT_FOUND} for an unknown name or version, {@code NOT_READY} for a model that failed to load
     */
    public Model require(String name, @Nullable String version) {
        var entry = entries.get(name);
        if (entry == null) {
            throw new ServingException(ErrorCode.NOT_FOUND, "model \"" + name + "\" is not known");
        }
        var model = entry.model();
        if (model == null) {
            throw new ServingException(ErrorCode.NOT_READY, "model \"" + name + "\" is not loaded: " + entry.fault());
        }
        if (version != null && !version.equals(model.metadata().version())) {
            throw new ServingException(
                    ErrorCode.NOT_FOUND,
                    "model \"" + name + "\" has no version \"" + version + "\" loaded, only \""
                            + model.metadata().version() + "\"");
        }
        return model;
    }

    /** The loaded models, by name. */
    public List<Model> models() {
        return entries.values().stream()
                .map(Entry::model)
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    /** Names of the models that could not be loaded, each with the reason. */
    public Map<String, String> faults() {
        var faults = new TreeMap<String, String>();
        entries.forEach((name, entry) -> {
            if (entry.fault() != null) {
                faults.put(name, entry.fault());
            }
        });
        return faults;
    }

    private synchronized void put(String name, Entry entry) {
        var next = new TreeMap<>(entries);
        next.put(name, entry);
        entries = java.util.Collections.unmodifiableSortedMap(next);
    }
}
