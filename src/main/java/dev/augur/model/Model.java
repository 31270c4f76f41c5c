package dev.augur.model;

import dev.augur.error.ServingException;
import dev.augur.tensor.Tensor;
import java.util.List;

/** A loaded model. {@link #predict} may be called by many worker threads at once, never by an event loop. */
public interface Model extends AutoCloseable {
    ModelMetadata metadata();

    /** Whether requests may be joined without changing each other's outputs, as far as the model knows. */
    default RowIndependence rowIndependence() {
        return RowIndependence.UNKNOWN;
    }

    /**
     * Blocks until the model has run.
     *
     * @param inputs one tensor for each input of the metadata, already checked against it; optional ones may be absent
     * @param outputs names of the outputs wanted, in the order wanted; not empty
     * @param run for others to stop this run; a model that cannot be stopped leaves it alone
     * @return the outputs, in that order
     * @throws ServingException {@code PREDICTION_FAILED} when the model refuses these values or was stopped
     */
    List<Tensor> predict(List<Tensor> inputs, List<String> outputs, Run run);

    /** Frees what the model holds outside the heap. Nobody may be inside {@link #predict}. */
    @Override
    void close();
}
