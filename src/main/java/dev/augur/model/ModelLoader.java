package dev.augur.model;

/**
 * Makes a {@link Model} of what lies on disk. Loaders are found through {@link java.util.ServiceLoader}: on the class
 * path, and in the file {@code model.jar} of a version's folder. Called on a worker thread; blocks.
 */
public interface ModelLoader {
    /** Whether this loader serves what lies in that folder. */
    boolean accepts(ModelSource source);

    /**
     * Loads one version of a model.
     *
     * @throws ModelLoadException when this source cannot be served, with the reason
     */
    Model load(ModelSource source) throws ModelLoadException;
}
