package dev.augur.model.runtime;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceRequest;
import dev.augur.model.InputCheck;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import io.vertx.core.Context;
import java.util.Set;
import java.util.stream.Collectors;

/** What every request to one version of a model is held against, found once when it is loaded. Thread-safe. */
final class InferencePlan {
    private final InputCheck check;
    private final Set<String> optional;
    private final long maxRows;

    /** Of a model that is served so. */
    InferencePlan(ModelMetadata metadata, ModelConfig config) {
        this.check = new InputCheck(metadata);
        this.optional = metadata.inputs().stream()
                .filter(TensorMetadata::optional)
                .map(TensorMetadata::name)
                .collect(Collectors.toUnmodifiableSet());
        boolean rows = metadata.firstWithoutRows().isEmpty();
        this.maxRows = rows ? config.admission().maxRows() : Long.MAX_VALUE;
    }

    /**
     * A request that fits.
     *
     * @throws ServingException {@code INVALID_ARGUMENT} when it does not
     */
    Inference inference(InferenceRequest request, Context context) {
        var checked = Inference.Checked.of(check.inputs(request.inputs()), check.outputs(request.outputs()), optional);
        if (checked.mostRows() > maxRows) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "input \"" + checked.inputs().get(0).name() + "\": " + checked.mostRows()
                            + " rows are more than the " + maxRows + " a request may have");
        }
        return new Inference(checked, request.priority(), context);
    }
}
