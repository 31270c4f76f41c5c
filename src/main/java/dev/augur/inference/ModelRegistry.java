package dev.augur.inference;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The models of this process: loaded ones, and those that are not, with the reason. An immutable map that is swapped as a whole, so any
 * thread reads it without a lock. Thread-safe.
 */
public final class ModelRegistry {
    /**
     * A model as known here.
     *
     * @param version the version on disk that this is about
     * @param runner absent if it is not loaded
     * @param reason why it is not loaded; empty if it is
     */
    public record Entry(String name, String version, Optional<ModelRunner> runner, String reason) {
        /** In the terms of the protocol's model repository extension. */
        public String state() {
            return runner.isPresent() ? "READY" : "UNAVAILABLE";
        }
    }

    private volatile Map<String, Entry> entries = Map.of();

    /** Adds or replaces a loaded model; what it replaces is for the caller to retire. */
    Optional<ModelRunner> add(ModelRunner runner) {
        var metadata = runner.metadata();
        return put(new Entry(metadata.name(), metadata.version(), Optional.of(runner), ""));
    }

    /** Notes that a model is there and not loaded; what it replaces is for the caller to retire. */
    @CanIgnoreReturnValue
    Optional<ModelRunner> addUnavailable(String name, String version, String reason) {
        return put(new Entry(name, version, Optional.empty(), reason));
    }

    /**
     * The loaded model of that name.
     *
     * @param version {@code null} for the one that is loaded
     * @throws ServingException {@code NOT_FOUND} for an unknown name or version, {@code NOT_READY} for a model that is not loaded
     */
    public ModelRunner require(String name, @Nullable String version) {
        var entry = entries.get(name);
        if (entry == null) {
            throw new ServingException(ErrorCode.NOT_FOUND, "model \"" + name + "\" is not known");
        }
        var runner = entry.runner()
                .orElseThrow(() -> new ServingException(
                        ErrorCode.NOT_READY, "model \"" + name + "\" is not loaded: " + entry.reason()));
        var loaded = runner.metadata().version();
        if (version != null && !version.equals(loaded)) {
            throw new ServingException(
                    ErrorCode.NOT_FOUND,
                    "model \"" + name + "\" has no version \"" + version + "\" loaded, only \"" + loaded + "\"");
        }
        return runner;
    }

    /** Whether a model of that name is known. */
    public boolean knows(String name) {
        return entries.containsKey(name);
    }

    /** Every known model, by name. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** The loaded models, by name. */
    public List<ModelRunner> loaded() {
        return entries.values().stream()
                .map(entry -> entry.runner().orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }

    private synchronized Optional<ModelRunner> put(Entry entry) {
        var next = new TreeMap<>(entries);
        var before = next.put(entry.name(), entry);
        entries = Collections.unmodifiableSortedMap(next);
        return before == null ? Optional.empty() : before.runner();
    }
}
