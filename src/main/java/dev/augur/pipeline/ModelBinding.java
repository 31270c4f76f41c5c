package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.error.Shown;
import dev.augur.model.ModelMetadata;
import org.jspecify.annotations.Nullable;

/** A pipeline's mappings, checked against one version of its model. Thread-safe. */
record ModelBinding(ModelMetadata metadata, InputAssembly inputs, OutputFields outputs) {
    private static final int SHOWN_CHARS = 100;

    /**
     * The binding to that version.
     *
     * @throws PipelineFault when the mappings do not fit it
     */
    static ModelBinding of(ModelMetadata metadata, PipelineConfig config) throws PipelineFault {
        return new ModelBinding(
                metadata, InputAssembly.of(metadata, config.inputs()), OutputFields.of(metadata, config));
    }

    /** Why an item cannot be predicted that gives these features itself; {@code null} when it can. */
    @Nullable
    ServingException refusal(ItemRequest item) {
        for (String name : item.features().keySet()) {
            if (!inputs.features().contains(name)) {
                return new ServingException(
                        ErrorCode.INVALID_ARGUMENT,
                        "feature \"" + Shown.cut(name, SHOWN_CHARS) + "\" is not one of this pipeline: "
                                + String.join(", ", inputs.features()));
            }
        }
        return null;
    }
}
