package dev.augur.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalvesTest {
    @Test
    void everyHalfComesBackFromTheNumberItStandsFor() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float fp16 = Halves.fromFp16((short) bits);
            float bf16 = Halves.fromBf16((short) bits);
            if (!Float.isNaN(fp16)) {
                assertThat(Halves.toFp16(fp16)).isEqualTo((short) bits);
            }
            if (!Float.isNaN(bf16)) {
                assertThat(Halves.toBf16(bf16)).isEqualTo((short) bits);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 0x3C00",
        "-2.0, 0xC000",
        "65504, 0x7BFF",
        "65519.99, 0x7BFF",
        "65520, 0x7C00",
        "1e9, 0x7C00",
        "5.9604645E-8, 0x0001",
        "2.9802322E-8, 0x0000",
        "2.9802326E-8, 0x0001",
        "6.1035156E-5, 0x0400",
        "6.1005354E-5, 0x0400",
        "1.00048828125, 0x3C00",
        "1.00146484375, 0x3C02",
        "-0.0, 0x8000"
    })
    void roundsToTheNearestFp16(float value, String bits) {
        assertThat(Halves.toFp16(value)).isEqualTo((short) (int) Integer.decode(bits));
    }

    @Test
    void keepsWhatIsNoNumber() {
        assertThat(Halves.fromFp16(Halves.toFp16(Float.NaN))).isNaN();
        assertThat(Halves.fromBf16(Halves.toBf16(Float.NaN))).isNaN();
        assertThat(Halves.fromFp16(Halves.toFp16(Float.NEGATIVE_INFINITY))).isEqualTo(Float.NEGATIVE_INFINITY);
    }
}
