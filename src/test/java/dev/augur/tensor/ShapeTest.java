package dev.augur.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void countsElements() {
        assertThat(Shape.of().elements()).isEqualTo(1);
        assertThat(Shape.of(2, 3, 4).elements()).isEqualTo(24);
        assertThat(Shape.of(5, 0).elements()).isZero();
    }

    @Test
    void refusesProductsThatDoNotFit() {
        assertThatThrownBy(() -> Shape.of(1L << 32, 1L << 31).elements()).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Shape.of(-1, 4).elements()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void acceptsAnyLengthWhereItIsVariable() {
        assertThat(Shape.of(-1, 4).accepts(Shape.of(7, 4))).isTrue();
        assertThat(Shape.of(-1, 4).accepts(Shape.of(0, 4))).isTrue();
        assertThat(Shape.of(-1, 4).accepts(Shape.of(7, 5))).isFalse();
        assertThat(Shape.of(-1, 4).accepts(Shape.of(4))).isFalse();
    }

    @Test
    void readsAsInMessages() {
        assertThat(Shape.of(-1, 4)).hasToString("[-1, 4]");
        assertThat(Shape.of(-1, 4)).isEqualTo(Shape.of(-1, 4)).hasSameHashCodeAs(Shape.of(-1, 4));
    }

    @Test
    void aTensorHoldsExactlyItsElements() {
        assertThatThrownBy(() -> new Tensor("x", DataType.FP32, Shape.of(2), ByteBuffer.allocate(4)))
                .hasMessage("tensor \"x\": 4 bytes, expected 8");
    }
}
