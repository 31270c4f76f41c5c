package dev.augur.inference;

import static dev.augur.inference.ModelRegistry.State.LOADING;
import static dev.augur.inference.ModelRegistry.State.UNAVAILABLE;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads and unloads versions of models: load, check, warm up, switch, and then the one before is retired. Confined to the keeper's worker
 * thread; blocks.
 */
final class ModelKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ModelKeeper.class);

    private final ModelsConfig config;
    private final ModelLoader loader;
    private final ModelRegistry models;
    private final ModelRepository repository;
    private final WarmUp warmUp;
    private final Workshop workshop;
    private final Map<String, String> settled = new HashMap<>();
    private final Map<String, String> seen = new HashMap<>();

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

    /** Loads what the repository holds. Models that cannot be loaded are noted with their reason; the others are served. */
    boolean loadAll() throws IOException {
        if (!repository.exists()) {
            LOG.warn("models.repository: {} is not there, no model is served", config.repository());
        }
        for (String name : repository.names()) {
            settled.put(name, repository.fingerprint(name));
            loadOrLog(name);
        }
        config.byName().keySet().stream()
                .filter(name -> !models.knows(name))
                .forEach(name -> LOG.warn("models.by-name.{}: there is no such model in the repository", name));
        return true;
    }

    /**
     * Loads the versions of a model that are to be served, also those that are loaded already, and retires the others.
     *
     * @throws ServingException {@code NOT_FOUND} for a model that is not in the repository, {@code INVALID_ARGUMENT} with the reasons
     *     when a version cannot be loaded; what was loaded before then goes on
     */
    boolean load(String name) {
        if (repository.versions(name).isEmpty()) {
            throw new ServingException(ErrorCode.NOT_FOUND, "model \"" + name + "\" is not in the repository");
        }
        var faults = loadVersions(name);
        if (!faults.isEmpty()) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "model \"" + name + "\" cannot be loaded: " + String.join("; ", faults));
        }
        LOG.info("model {} was loaded", name);
        return true;
    }

    /**
     * Unloads every version of a model; their requests are answered first.
     *
     * @throws ServingException {@code NOT_FOUND} for a model that is not known
     */
    boolean unload(String name) {
        if (!models.knows(name)) {
            throw new ServingException(ErrorCode.NOT_FOUND, "model \"" + name + "\" is not known");
        }
        models.loaded(name).forEach(runner -> close(runner, "unloaded"));
        LOG.info("model {} was unloaded", name);
        return true;
    }

    /** Looks for changes in the repository, and loads what has changed and then stayed as it is from one look to the next. */
    boolean look() throws IOException {
        var names = repository.names();
        for (String name : names) {
            String now = repository.fingerprint(name);
            if (now.equals(seen.put(name, now)) && !now.equals(settled.put(name, now))) {
                LOG.info("model {} has changed on disk", name);
                loadOrLog(name);
            }
        }
        for (String name : List.copyOf(settled.keySet())) {
            if (!names.contains(name)) {
                LOG.info("model {} is not on disk any more", name);
                settled.remove(name);
                seen.remove(name);
                forget(name);
            }
        }
        return true;
    }

    /** Closes every model; nobody may be inside one. */
    boolean closeAll() {
        for (ModelRunner runner : models.loaded()) {
            var metadata = runner.metadata();
            models.addClosed(metadata.name(), metadata.version(), UNAVAILABLE, "the server stops");
            runner.close();
        }
        return true;
    }

    private void loadOrLog(String name) {
        loadVersions(name).forEach(fault -> LOG.error("model {} cannot be served: {}", name, fault));
    }

    /** What went wrong, for each version that cannot be served. */
    private List<String> loadVersions(String name) {
        var onDisk = repository.versions(name);
        var faults = new ArrayList<String>();
        var selected = config.of(name).versions().select(onDisk);
        for (String version : selected) {
            if (onDisk.contains(version)) {
                load(name, version).ifPresent(fault -> faults.add("version " + version + ": " + fault));
            } else {
                faults.add("version " + version + ": " + noteFault(name, version, "it is not in the repository"));
            }
        }
        if (faults.isEmpty()) {
            retireOthers(name, selected);
        }
        return faults;
    }

    private Optional<String> load(String name, String version) {
        if (!serving(name, version)) {
            models.addClosed(name, version, LOADING, "it is being loaded");
        }
        var settings = config.of(name);
        try {
            var source = new ModelSource(
                    name, version, repository.directory(name, version), workshop.threadsPerRun(settings));
            String digest = ArtifactDigest.of(source.directory());
            var model = warmUp.done(loaded(source), settings.warmUpRuns());
            var runner = workshop.open(new LoadedModel(model, digest), settings);
            models.add(runner).ifPresent(workshop::retire);
            LOG.debug("model {} version {} is served: {}", name, version, runner.effective());
            return Optional.empty();
        } catch (ModelLoadException e) {
            return Optional.of(noteFault(name, version, e.reason()));
        } catch (IOException e) {
            LOG.error("model {} version {}", name, version, e);
            return Optional.of(noteFault(name, version, "its files cannot be read"));
        } catch (RuntimeException | LinkageError e) { // a model in Java may lack a class
            LOG.error("model {} version {}", name, version, e);
            return Optional.of(noteFault(name, version, "the server failed to load it"));
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

    private void retireOthers(String name, List<String> selected) {
        for (ModelRegistry.Entry entry : models.entries(name)) {
            if (!selected.contains(entry.version())) {
                models.remove(name, entry.version());
                entry.runner().ifPresent(workshop::retire);
            }
        }
    }

    private void forget(String name) {
        retireOthers(name, List.of());
    }

    private void close(ModelRunner runner, String reason) {
        var metadata = runner.metadata();
        models.addClosed(metadata.name(), metadata.version(), UNAVAILABLE, reason)
                .ifPresent(workshop::retire);
    }
}
