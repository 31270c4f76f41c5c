package dev.augur.inference;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.ModelRepository;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The models of this process and their versions: loaded ones, and those that are not, with the reason. An immutable map that is swapped as
 * a whole, so any thread reads it without a lock. Thread-safe.
 */
public final class ModelRegistry {
    private static final Comparator<String> BY_NUMBER = Comparator.comparing(Long::parseLong);

    /** In the terms of the protocol's model repository extension. */
    public enum State {
        LOADING,
        READY,
        UNAVAILABLE
    }

    /**
     * A version of a model as known here.
     *
     * @param runner absent if it takes no requests
     * @param reason why it takes none; empty if it does
     */
    public record Entry(String name, String version, State state, Optional<ModelRunner> runner, String reason) {}

    private volatile NavigableMap<String, NavigableMap<String, Entry>> models = new TreeMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Calls the listener after each change, on the thread that makes it; it must not wait. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Adds or replaces a loaded version; what it replaces is for the caller to retire. */
    Optional<ModelRunner> add(ModelRunner runner) {
        var metadata = runner.metadata();
        return put(new Entry(metadata.name(), metadata.version(), State.READY, Optional.of(runner), ""));
    }

    /** Notes that a version takes no requests, and why; what it replaces is for the caller to retire. */
    @CanIgnoreReturnValue
    Optional<ModelRunner> addClosed(String name, String version, State state, String reason) {
        return put(new Entry(name, version, state, Optional.empty(), reason));
    }

    /** Forgets a version that is not loaded. */
    void remove(String name, String version) {
        takeOut(name, version);
        listeners.forEach(Runnable::run);
    }

    private synchronized void takeOut(String name, String version) {
        var next = new TreeMap<>(models);
        var versions = new TreeMap<String, Entry>(BY_NUMBER);
        versions.putAll(versions(name));
        versions.remove(version);
        if (versions.isEmpty()) {
            next.remove(name);
        } else {
            next.put(name, Collections.unmodifiableNavigableMap(versions));
        }
        models = Collections.unmodifiableNavigableMap(next);
    }

    /**
     * The loaded version of a model.
     *
     * @param version {@code null} for the newest of those loaded
     * @throws ServingException {@code NOT_FOUND} for an unknown name or version, {@code NOT_READY} for one that is not loaded
     */
    public ModelRunner require(String name, @Nullable String version) {
        var versions = versions(name);
        if (versions.isEmpty()) {
            throw new ServingException(ErrorCode.NOT_FOUND, "model \"" + name + "\" is not known");
        }
        var entry = version == null ? newest(versions) : entry(versions, version);
        if (entry == null) {
            throw new ServingException(
                    ErrorCode.NOT_FOUND,
                    "model \"" + name + "\" has no version \"" + version + "\", only "
                            + String.join(", ", versions.keySet()));
        }
        return entry.runner()
                .orElseThrow(() -> new ServingException(
                        ErrorCode.NOT_READY,
                        "model \"" + name + "\" version " + entry.version() + " is not loaded: " + entry.reason()));
    }

    /** Whether a model of that name is known. */
    public boolean knows(String name) {
        return models.containsKey(name);
    }

    /** Every known version of a model, ascending. */
    public List<Entry> entries(String name) {
        return List.copyOf(versions(name).values());
    }

    /** Every known version of every model, by name and version. */
    public List<Entry> entries() {
        return models.values().stream()
                .map(NavigableMap::values)
                .flatMap(Collection::stream)
                .toList();
    }

    /** The loaded versions of every model, by name and version. */
    public List<ModelRunner> loaded() {
        return runners(entries());
    }

    /** The loaded versions of a model, ascending. */
    public List<ModelRunner> loaded(String name) {
        return runners(entries(name));
    }

    private static List<ModelRunner> runners(List<Entry> entries) {
        return entries.stream().map(Entry::runner).flatMap(Optional::stream).toList();
    }

    /** The newest that is loaded, or else the newest. */
    private static Entry newest(NavigableMap<String, Entry> versions) {
        return versions.descendingMap().values().stream()
                .filter(entry -> entry.runner().isPresent())
                .findFirst()
                .orElseGet(() -> versions.lastEntry().getValue());
    }

    private static @Nullable Entry entry(Map<String, Entry> versions, String version) {
        return ModelRepository.VERSION.matcher(version).matches() ? versions.get(version) : null;
    }

    private NavigableMap<String, Entry> versions(String name) {
        var versions = models.get(name);
        return versions == null ? Collections.emptyNavigableMap() : versions;
    }

    private Optional<ModelRunner> put(Entry entry) {
        var before = swap(entry);
        listeners.forEach(Runnable::run);
        return before;
    }

    private synchronized Optional<ModelRunner> swap(Entry entry) {
        var next = new TreeMap<>(models);
        var versions = new TreeMap<String, Entry>(BY_NUMBER);
        versions.putAll(versions(entry.name()));
        var before = versions.put(entry.version(), entry);
        next.put(entry.name(), Collections.unmodifiableNavigableMap(versions));
        models = Collections.unmodifiableNavigableMap(next);
        return before == null ? Optional.empty() : before.runner();
    }
}
