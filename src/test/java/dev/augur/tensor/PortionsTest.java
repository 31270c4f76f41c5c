package dev.augur.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortionsTest {
    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 17})
    void eachByteComesOnceInOrderAndFewAtATime(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        var copy = ByteBuffer.allocate(length);
        Portions.each(ByteBuffer.wrap(bytes), portion -> {
            assertThat(portion.remaining()).isBetween(1, MIB);
            copy.put(portion);
        });
        assertThat(copy.array()).isEqualTo(bytes);
    }

    @Test
    void whatIsReadOfABufferIsWhatIsLeftOfIt() {
        var bytes = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}).position(1).limit(4);
        var seen = new ArrayList<Byte>();
        Portions.each(bytes, portion -> {
            while (portion.hasRemaining()) {
                seen.add(portion.get());
            }
        });
        assertThat(seen).containsExactly((byte) 2, (byte) 3, (byte) 4);
        assertThat(bytes.position()).isEqualTo(1);
        assertThat(bytes.limit()).isEqualTo(4);
    }
}
