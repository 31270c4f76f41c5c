package dev.augur.model.runtime;

import static dev.augur.model.runtime.ModelRegistry.State.LOADING;
import static dev.augur.model.runtime.ModelRegistry.State.UNAVAILABLE;
import static dev.augur.model.runtime.ModelRegistry.State.UNLOADED;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.ArtifactDigest;
import dev.augur.model.Model;
import dev.augur.model.ModelLoadException;
import dev.augur.model.ModelLoader;
import dev.augur.model.ModelRepository;
import dev.augur.model.ModelSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads and unloads versions of models: load, check, warm up, switch, and then the one before is retired. What runs a
 * model's code has a thread of its own and a limit; a version that does not come back by then is not served, and its
 * thread is left alone. Called on worker threads, for one model by one at a time; blocks.
 */
final class ModelKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ModelKeeper.class);

    private final ModelsConfig config;
    private final ModelLoader loader;
    private final ModelRegistry models;
    private final ModelRepository repository;
    private final WarmUp warmUp;
    private final Workshop workshop;
    private final Map<String, String> settled = new ConcurrentHashMap<>();
    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private final Attempts attempts = new Attempts();
    private volatile boolean stopped;

    /** Makes runners of models, and ends them. */
    interface Workshop {
        ModelRunner open(LoadedModel loaded, ModelConfig config);

        /** Closes a runner that takes no requests any more, once the last one has left it. */
        void retire(ModelRunner replaced);

        /** How many threads one run of a model may use. */
        int threadsPerRun(ModelConfig config);
    }

    ModelKeeper(ModelsConfig config, ModelLoader loader, ModelRegistry models, WarmUp warmUp, Workshop workshop) {
        this.config = config;
        this.loader = loader;
        this.models = models;
        this.repository = new ModelRepository(config.repository());
        this.warmUp = warmUp;
        this.workshop = workshop;
    }

    /** Notes what the repository holds as being loaded, and names it. */
    List<String> find() throws IOException {
        if (!repository.exists()) {
            throw new IOException(
                    "models.repository: " + config.repository().toAbsolutePath()
                            + " is not there; set models.repository (or AUGUR_MODELS_REPOSITORY) to the folder that holds the models");
        }
        var names = repository.names();
        for (String name : names) {
            settled.put(name, repository.fingerprint(name));
            var onDisk = repository.versions(name);
            for (String version : config.of(name).versions().select(onDisk)) {
                models.addClosed(name, version, LOADING, "it waits to be loaded");
            }
        }
        config.byName().keySet().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> LOG.warn("models.by-name.{}: there is no such model in the repository", name));
        return names;
    }

    /** Loads what was found; what cannot be served is noted with its reason. */
    void loadFound(String name) {
        if (!stopped) {
            var faults = loadVersions(name);
            if (!stopped) {
                faults.forEach(fault -> LOG.error("model {} cannot be served: {}", name, fault));
            }
        }
    }

    /**
     * Loads the versions of a model that are to be served, also those that are loaded already, and retires the others.
     *
     * @throws ServingException {@code NOT_FOUND} for a model that is not in the repository, {@code INVALID_ARGUMENT}
     *     with the reasons when a version cannot be loaded; what was loaded before then goes on
     */
    void load(String name) {
        if (repository.versions(name).isEmpty() && repository.refused(name).isEmpty()) {
            throw ModelRegistry.unknown(name, "is not found in the repository");
        }
        var faults = loadVersions(name);
        if (!faults.isEmpty()) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "model \"" + name + "\" cannot be loaded: " + String.join("; ", faults));
        }
        LOG.info("model {} was loaded", name);
    }

    /**
     * Unloads every version of a model; their requests are answered first.
     *
     * @throws ServingException {@code NOT_FOUND} for a model that is not known
     */
    void unload(String name) {
        if (!models.knows(name)) {
            throw ModelRegistry.unknown(name, "is not found");
        }
        for (ModelRegistry.Entry entry : models.entries(name)) {
            models.addClosed(name, entry.version(), UNLOADED, "unloaded").ifPresent(workshop::retire);
        }
        LOG.info("model {} was unloaded", name);
    }

    /**
     * The models that have changed in the repository and then stayed as they are from one look to the next, or are
     * gone.
     */
    List<String> look() throws IOException {
        var changed = new ArrayList<String>();
        var names = repository.names();
        for (String name : names) {
            String now = repository.fingerprint(name);
            if (now.equals(seen.put(name, now)) && !now.equals(settled.put(name, now))) {
                LOG.info("model {} has changed on disk", name);
                changed.add(name);
            }
        }
        for (String name : List.copyOf(settled.keySet())) {
            if (!names.contains(name)) {
                LOG.info("model {} is not on disk any more", name);
                settled.remove(name);
                seen.remove(name);
                changed.add(name);
            }
        }
        return changed;
    }

    /** Nothing that is still being loaded is served any more. */
    void stop() {
        stopped = true;
    }

    /** Closes every model; nobody may be inside one. */
    void closeAll() {
        for (ModelRunner runner : models.loaded()) {
            var metadata = runner.metadata();
            models.addClosed(metadata.name(), metadata.version(), UNAVAILABLE, "the server stops")
                    .ifPresent(ModelRunner::close);
        }
    }

    /** What went wrong, for each version that cannot be served. */
    private List<String> loadVersions(String name) {
        var onDisk = repository.versions(name);
        var refused = repository.refused(name);
        var faults = new ArrayList<String>();
        if (onDisk.isEmpty() && refused.isEmpty()) { // it is gone
            retireOthers(name, List.of());
            return faults;
        }
        var selected = config.of(name).versions().select(onDisk);
        for (String version : selected) {
            if (onDisk.contains(version)) {
                load(name, version).ifPresent(fault -> faults.add("version " + version + ": " + fault));
            } else {
                faults.add("version " + version + ": " + noteFault(name, version, "it is not in the repository"));
            }
        }
        refused.forEach((version, reason) -> {
            models.addClosed(name, version, UNAVAILABLE, reason);
            faults.add((version.isEmpty() ? "" : "version " + version + ": ") + reason);
        });
        if (faults.size() == refused.size()) {
            var known = new HashSet<>(selected);
            known.addAll(refused.keySet());
            retireOthers(name, known);
        }
        return faults;
    }

    private Optional<String> load(String name, String version) {
        if (!serving(name, version)) {
            models.addClosed(name, version, LOADING, "it is being loaded");
        }
        var settings = config.of(name);
        String key = name + "/" + version;
        try {
            if (attempts.isOut(key)) {
                throw new ModelLoadException(
                        "its last load still holds a thread: it can be tried again after a restart");
            }
            var source = new ModelSource(
                    name, version, repository.directory(name, version), workshop.threadsPerRun(settings));
            serve(warm(read(source, settings, key), settings, key), settings);
            return Optional.empty();
        } catch (ModelLoadException e) {
            return Optional.of(noteFault(name, version, e.reason()));
        } catch (IOException e) {
            LOG.error("model {} version {}", name, version, e);
            return Optional.of(noteFault(name, version, "its files cannot be read"));
        } catch (RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) { // also of a model in Java
            LOG.error("model {} version {}", name, version, e);
            return Optional.of(noteFault(name, version, "the server failed to load it"));
        }
    }

    private LoadedModel read(ModelSource source, ModelConfig settings, String key)
            throws ModelLoadException, IOException {
        Callable<LoadedModel> work = () -> {
            String digest = ArtifactDigest.of(source.directory());
            return new LoadedModel(loaded(source), digest, BatchDecision.off("it was not tried yet"));
        };
        return attempts.run(new Attempts.Attempt<>(key, settings.limits().load(), work, ModelKeeper::close), "load");
    }

    /** A model that does not come back from its first runs stays open until it does. */
    private LoadedModel warm(LoadedModel model, ModelConfig settings, String key)
            throws ModelLoadException, IOException {
        Callable<LoadedModel> work = () -> {
            var example = warmUp.done(model.model(), settings.warmUpRuns());
            var batching = warmUp.batching(model.model(), settings.batching());
            return new LoadedModel(model.model(), model.artifactDigest(), batching, example);
        };
        try {
            return attempts.run(
                    new Attempts.Attempt<>(key, settings.limits().warmUp(), work, late -> close(model)), "warm-up");
        } catch (RuntimeException | Error e) { // it came back, or did not even begin
            close(model);
            throw e;
        }
    }

    /** The version takes requests from here on, unless the node has been stopped meanwhile. */
    private void serve(LoadedModel model, ModelConfig settings) {
        var runner = opened(model, settings);
        models.add(runner).ifPresent(workshop::retire);
        if (stopped) { // requests may be inside it already
            var metadata = runner.metadata();
            models.addClosed(metadata.name(), metadata.version(), UNAVAILABLE, "the server stops")
                    .ifPresent(workshop::retire);
        }
    }

    private ModelRunner opened(LoadedModel model, ModelConfig settings) {
        try {
            return workshop.open(model, settings);
        } catch (RuntimeException | Error e) {
            close(model);
            throw e;
        }
    }

    private static void close(@Nullable LoadedModel late) {
        if (late != null) {
            late.model().close();
        }
    }

    private Model loaded(ModelSource source) throws ModelLoadException {
        var model = loader.load(source);
        var metadata = model.metadata();
        if (metadata.name().equals(source.name()) && metadata.version().equals(source.version())) {
            return model;
        }
        model.close();
        throw new ModelLoadException(
                "its loader made a model " + metadata.name() + " version " + metadata.version() + " of it");
    }

    private String noteFault(String name, String version, String reason) {
        if (!serving(name, version)) {
            models.addClosed(name, version, UNAVAILABLE, reason);
        }
        return reason;
    }

    private boolean serving(String name, String version) {
        return models.loaded(name).stream()
                .anyMatch(runner -> runner.metadata().version().equals(version));
    }

    private void retireOthers(String name, Collection<String> selected) {
        for (ModelRegistry.Entry entry : models.entries(name)) {
            if (!selected.contains(entry.version())) {
                models.remove(name, entry.version());
                entry.runner().ifPresent(workshop::retire);
            }
        }
    }
}
