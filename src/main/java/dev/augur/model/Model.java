package dev.augur.model;

import dev.augur.error.ServingException;
import dev.augur.tensor.Tensor;
import java.util.List;

/** A loaded model. {@link #predict} may be called by many worker threads at once, never by an event loop. */
public interface Model extends AutoCloseable {
    ModelMetadata metadata();

    /**
     * Blocks until the model has run.
     *
     * @param inputs one tensor for each input of the metadata, already checked against it
     * @param outputs names of the outputs wanted, in the order wanted; not empty
     * @return the outputs, in that order
     * @throws ServingException {@code PREDICTION_FAILED} when the model refuses these values
     */
    List<Tensor> predict(List<Tensor> inputs, List<String> outputs);

    /** Frees what the model holds outside the heap. Nobody may be inside {@link #predict}. */
    @Override
    void close();
}
