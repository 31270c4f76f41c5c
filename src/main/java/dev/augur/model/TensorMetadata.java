package dev.augur.model;

import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;

/**
 * What a model expects or yields under one name. Thread-safe.
 *
 * @param shape {@code -1} is a free dimension
 * @param optional for an input: a request may leave it out, and the model then takes its own default
 */
public record TensorMetadata(String name, DataType datatype, Shape shape, boolean optional) {
    /** An output, or an input that every request must give. */
    public TensorMetadata(String name, DataType datatype, Shape shape) {
        this(name, datatype, shape, false);
    }

    /** The same input, which may be left out. */
    public TensorMetadata asOptional() {
        return new TensorMetadata(name, datatype, shape, true);
    }
}
