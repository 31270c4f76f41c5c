package dev.augur.model.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A length that is known before the model runs as far as a product goes: {@code 3}, {@code rows},
 * {@code 4 * rows * s1}, where {@code s1} is a length that all requests of a batch share. Thread-safe.
 *
 * @param factor the number in front
 * @param rows how often the number of rows is in it
 * @param symbols the other lengths, sorted, each at least 0 but for those whose names begin with {@link #UNKNOWN}
 */
record Size(long factor, int rows, List<String> symbols) {
    private static final int MOST_FACTORS = 64;

    static final Size ONE = of(1);
    /** Begins the names of numbers that may be below 0. */
    static final String UNKNOWN = "?";

    static final Size ROWS = new Size(1, 1, List.of());

    static Size of(long number) {
        return new Size(number, 0, List.of());
    }

    static Size symbol(String name) {
        return new Size(1, 0, List.of(name));
    }

    /** Whether it changes with the number of rows. */
    boolean countsRows() {
        return rows != 0 && factor != 0;
    }

    boolean isNumber() {
        return rows == 0 && symbols.isEmpty();
    }

    boolean is(long number) {
        return isNumber() && factor == number;
    }

    Size times(Size other) {
        if (symbols.size() + other.symbols.size() > MOST_FACTORS || rows + other.rows > MOST_FACTORS) {
            throw new ArithmeticException("a product of too many lengths"); // as a graph made for that would have it
        }
        var both = new ArrayList<>(symbols);
        both.addAll(other.symbols);
        both.sort(null);
        return new Size(Math.multiplyExact(factor, other.factor), rows + other.rows, List.copyOf(both));
    }

    /** The sum; none unless it is a product again. */
    Optional<Size> plus(Size other) {
        if (factor == 0 || other.factor == 0) {
            return Optional.of(factor == 0 ? other : this);
        }
        boolean alike = rows == other.rows && symbols.equals(other.symbols);
        return alike ? Optional.of(new Size(Math.addExact(factor, other.factor), rows, symbols)) : Optional.empty();
    }

    /** The quotient; none unless it is a product again. */
    Optional<Size> dividedBy(Size divisor) {
        var rest = new ArrayList<>(symbols);
        for (String symbol : divisor.symbols) {
            if (!rest.remove(symbol)) {
                return Optional.empty();
            }
        }
        if (divisor.factor == 0 || factor % divisor.factor != 0 || rows < divisor.rows) {
            return Optional.empty();
        }
        return Optional.of(new Size(factor / divisor.factor, rows - divisor.rows, List.copyOf(rest)));
    }

    /** Whether both are the same for all lengths; none where that depends on the lengths. */
    Optional<Boolean> sameAs(Size other) {
        if (equals(other)) {
            return Optional.of(true);
        }
        boolean differ = (isNumber() && other.isNumber()) || isBelow(other) || other.isBelow(this);
        return differ ? Optional.of(false) : Optional.empty();
    }

    /** Whether it is a negative number and the other one is none, as lengths are. */
    private boolean isBelow(Size other) {
        boolean length = other.symbols.stream().noneMatch(symbol -> symbol.startsWith(UNKNOWN));
        return isNumber() && factor < 0 && other.factor >= 0 && length;
    }

    static Size product(List<Size> sizes) {
        return sizes.stream().reduce(ONE, Size::times);
    }
}
