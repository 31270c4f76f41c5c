package dev.augur.model;

import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;

/** What a model expects or yields under one name; {@code -1} in the shape is a free dimension. Thread-safe. */
public record TensorMetadata(String name, DataType datatype, Shape shape) {}
