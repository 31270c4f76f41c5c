package dev.augur.tensor;

import java.util.Arrays;

/** The dimensions of a tensor, outermost first; {@code -1} stands for a variable one. Immutable, thread-safe. */
public final class Shape {
    /** Stands for a dimension of any length in a model's metadata. */
    public static final long VARIABLE = -1;

    private final long[] dimensions;

    private Shape(long[] dimensions) {
        this.dimensions = dimensions;
    }

    /** A shape of these dimensions; none at all is a scalar. */
    public static Shape of(long... dimensions) {
        return new Shape(dimensions.clone());
    }

    public int rank() {
        return dimensions.length;
    }

    /** The length of one dimension, counted from the outermost, 0. */
    public long dimension(int index) {
        return dimensions[index];
    }

    public long[] toArray() {
        return dimensions.clone();
    }

    /**
     * How many elements a tensor of this shape has; 1 for a scalar, 0 if a dimension is 0.
     *
     * @throws ArithmeticException if the product does not fit into 63 bits or a dimension is negative
     */
    public long elements() {
        long product = 1;
        for (long dimension : dimensions) {
            if (dimension < 0) {
                throw new ArithmeticException("negative dimension " + dimension);
            }
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }

    /** Whether a tensor of that shape fits this one: same rank, and every dimension equal or variable here. */
    public boolean accepts(Shape actual) {
        if (actual.rank() != rank()) {
            return false;
        }
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] != VARIABLE && dimensions[i] != actual.dimensions[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether both are equal but for their first dimension; scalars have none and are never. */
    public boolean sameRowAs(Shape other) {
        return rank() > 0
                && rank() == other.rank()
                && Arrays.equals(dimensions, 1, rank(), other.dimensions, 1, other.rank());
    }

    /** This shape with another first dimension. */
    public Shape withRows(long rows) {
        long[] changed = dimensions.clone();
        changed[0] = rows;
        return new Shape(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /** As in messages and in the protocol: {@code [-1, 4]}. */
    @Override
    public String toString() {
        return Arrays.toString(dimensions);
    }
}
