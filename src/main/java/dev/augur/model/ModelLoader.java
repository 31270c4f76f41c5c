package dev.augur.model;

/** Makes a {@link Model} of what lies on disk. Called on a worker thread; blocks. */
public interface ModelLoader {
    /**
     * Loads one version of a model.
     *
     * @throws ModelLoadException when this source cannot be served, with the reason
     */
    Model load(ModelSource source) throws ModelLoadException;
}
