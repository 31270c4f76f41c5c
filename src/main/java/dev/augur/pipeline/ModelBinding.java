package dev.augur.pipeline;

import dev.augur.model.ModelMetadata;

/** A pipeline's mappings, checked against one version of its model. Thread-safe. */
record ModelBinding(ModelMetadata metadata, InputAssembly inputs, OutputFields outputs) {
    /**
     * The binding to that version.
     *
     * @throws PipelineFault when the mappings do not fit it
     */
    static ModelBinding of(ModelMetadata metadata, PipelineConfig config) throws PipelineFault {
        return new ModelBinding(
                metadata, InputAssembly.of(metadata, config.inputs()), OutputFields.of(metadata, config));
    }
}
