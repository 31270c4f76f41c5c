package dev.augur.model.runtime;

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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The models of this process and their versions: loaded ones, and those that are not, with the reason. An immutable map
 * that is swapped as a whole, so any thread reads it without a lock. Thread-safe.
 */
public final class ModelRegistry {
    private static final Comparator<String> BY_NUMBER = Comparator.<String>comparingLong(
                    version -> ModelRepository.VERSION.matcher(version).matches() ? Long.parseLong(version) : 0)
            .thenComparing(Comparator.naturalOrder());

    private static final int SHOWN = 10;

    /** In the terms of the protocol's model repository extension. */
    public enum State {
        LOADING,
        READY,
        UNAVAILABLE,
        /** On purpose. */
        UNLOADED;

        /** The protocol's word. */
        public String text() {
            return (this == UNLOADED ? UNAVAILABLE : this).name();
        }
    }

    /**
     * A version of a model as known here.
     *
     * @param runner absent if it takes no requests
     * @param reason why it takes none; empty if it does
     */
    public record Entry(String name, String version, State state, Optional<ModelRunner> runner, String reason) {
        /** That of the model on disk, or {@code UNAVAILABLE} when it is loaded and takes no requests all the same. */
        @Override
        public State state() {
            return refusal().isPresent() ? State.UNAVAILABLE : state;
        }

        @Override
        public String reason() {
            return refusal().map(ServingException::getMessage).orElse(reason);
        }

        /** Whether it takes requests. */
        public boolean ready() {
            return state() == State.READY;
        }

        private Optional<ServingException> refusal() {
            return runner.flatMap(ModelRunner::refusal);
        }

        /** The version in words; nothing for a model that has none. */
        public String versionText() {
            return version.isEmpty() ? "" : " version " + version;
        }

        /** The runner that takes requests. */
        ModelRunner require() {
            refusal().ifPresent(refusal -> {
                throw refusal;
            });
            return runner.orElseThrow(() -> state == State.UNLOADED
                    ? unknown(name, "version " + version + " was unloaded")
                    : new ServingException(
                            state == State.LOADING ? ErrorCode.NOT_READY : ErrorCode.UNAVAILABLE,
                            "model \"" + name + "\"" + versionText() + " is not loaded: " + reason));
        }
    }

    private volatile NavigableMap<String, NavigableMap<String, Entry>> models = new TreeMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Calls the listener after each change, on the thread that makes it; it must not wait. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Adds or replaces a loaded version; what it replaces is for the caller to retire. */
    Optional<ModelRunner> add(ModelRunner runner) {
        var metadata = runner.metadata();
        runner.onChange(this::changed);
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
        changed();
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
     * @throws ServingException {@code NOT_FOUND} for a name or version that is unknown or was unloaded,
     *     {@code NOT_READY} for one that is being loaded, {@code UNAVAILABLE} for one that cannot be
     */
    public ModelRunner require(String name, @Nullable String version) {
        var versions = versions(name);
        if (versions.isEmpty()) {
            throw unknown(name, "is not found");
        }
        var entry = version == null ? newest(versions) : entry(versions, version);
        if (entry == null) {
            throw unknown(name, "version " + version + " is not found, only " + String.join(", ", versions.keySet()));
        }
        return entry.require();
    }

    /** In the words that Triton begins with, which clients look for. */
    static ServingException unknown(String name, String what) {
        return new ServingException(ErrorCode.NOT_FOUND, "Request for unknown model: '" + name + "' " + what);
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

    /** The versions of every model that take requests, by name and version. */
    public List<ModelRunner> ready() {
        return runners(entries().stream().filter(Entry::ready).toList());
    }

    /** How many of the versions take requests, in words. */
    public String progress() {
        return ready().size() + " of " + entries().size() + " models loaded";
    }

    /**
     * What keeps models from being used, in words; empty if nothing does, or none is there. Those that were unloaded on
     * purpose are not missed.
     *
     * @param all whether each has to take requests, or one is enough
     */
    public Optional<String> fault(boolean all) {
        var missing = entries().stream()
                .filter(entry -> !entry.ready() && entry.state() != State.UNLOADED)
                .toList();
        boolean usable = all ? missing.isEmpty() : models.isEmpty() || !ready().isEmpty();
        return usable
                ? Optional.empty()
                : Optional.of(progress()
                        + missing.stream()
                                .limit(SHOWN)
                                .map(entry -> "; " + entry.name() + entry.versionText() + ": " + entry.reason())
                                .collect(Collectors.joining()));
    }

    private static List<ModelRunner> runners(List<Entry> entries) {
        return entries.stream().map(Entry::runner).flatMap(Optional::stream).toList();
    }

    /** The newest that takes requests, or else the newest. */
    private static Entry newest(NavigableMap<String, Entry> versions) {
        var newest = versions.lastEntry().getValue();
        if (newest.ready()) { // as it is nearly always
            return newest;
        }
        return versions.descendingMap().values().stream()
                .filter(Entry::ready)
                .findFirst()
                .orElse(newest);
    }

    private static @Nullable Entry entry(Map<String, Entry> versions, String version) {
        return ModelRepository.VERSION.matcher(version).matches() ? versions.get(version) : null;
    }

    private NavigableMap<String, Entry> versions(String name) {
        var versions = models.get(name);
        return versions == null ? Collections.emptyNavigableMap() : versions;
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    private Optional<ModelRunner> put(Entry entry) {
        var before = swap(entry);
        changed();
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
