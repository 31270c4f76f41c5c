package dev.augur.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms in which a model file may hold a constant. */
class InitializerTest {
    private static final int RAW = 9;
    private static final int STRINGS = 6;

    @ParameterizedTest
    @CsvSource({
        // element type, datatype, field, two elements as varints, the same as the tensor's bytes
        "9, BOOL, 5, 1, 0, 0100",
        "3, INT8, 5, -1, 2, ff02",
        "2, UINT8, 5, 255, 2, ff02",
        "5, INT16, 5, -2, 258, feff0201",
        "4, UINT16, 5, 65534, 258, feff0201",
        "6, INT32, 5, -2, 1, feffffff01000000",
        "10, FP16, 5, 15360, 1, 003c0100",
        "16, BF16, 5, 16256, 1, 803f0100",
        "7, INT64, 7, -2, 1, feffffffffffffff0100000000000000",
        "12, UINT32, 11, 4294967294, 1, feffffff01000000",
        "13, UINT64, 11, -2, 1, feffffffffffffff0100000000000000",
    })
    void holdsIntegersPackedOrNotOrRaw(int type, DataType datatype, int field, long first, long second, String bytes)
            throws Exception {
        var single = Field.newBuilder().addVarint(first).addVarint(second).build();
        var packed = UnknownFieldSet.newBuilder().addField(1, single).build().toByteString();
        var together = ByteString.empty();
        for (int at = 0; at < packed.size(); at++) { // the same varints without their tags
            if (packed.byteAt(at) != 8 || (at > 0 && (packed.byteAt(at - 1) & 0x80) != 0)) {
                together = together.concat(packed.substring(at, at + 1));
            }
        }
        check(read(type, field, single, 2), datatype, bytes);
        check(read(type, field, delimited(together), 2), datatype, bytes);
        check(read(type, RAW, delimited(ByteString.copyFrom(HexFormat.of().parseHex(bytes))), 2), datatype, bytes);
    }

    @Test
    void holdsFloatsPackedOrNot() throws Exception {
        int bits = Float.floatToIntBits(1.5f);
        var bytes = "0000c03f0000c03f";
        var packed = delimited(ByteString.copyFrom(HexFormat.of().parseHex(bytes)));
        check(read(1, 4, Field.newBuilder().addFixed32(bits).addFixed32(bits).build(), 2), DataType.FP32, bytes);
        check(read(1, 4, packed, 2), DataType.FP32, bytes);
    }

    @Test
    void holdsDoublesPackedOrNot() throws Exception {
        long bits = Double.doubleToLongBits(1.5);
        var bytes = "000000000000f83f";
        var packed = delimited(ByteString.copyFrom(HexFormat.of().parseHex(bytes)));
        check(read(11, 10, Field.newBuilder().addFixed64(bits).build(), 1), DataType.FP64, bytes);
        check(read(11, 10, packed, 1), DataType.FP64, bytes);
    }

    @Test
    void holdsStrings() throws Exception {
        var strings = Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8("grün"))
                .addLengthDelimited(ByteString.EMPTY)
                .build();
        assertThat(read(8, STRINGS, strings, 2).orElseThrow().byteStrings())
                .containsExactly("grün".getBytes(StandardCharsets.UTF_8), new byte[0]);
        assertThat(read(8, STRINGS, strings, 3)).isEmpty();
        assertThat(read(8, STRINGS, delimited(ByteString.copyFromUtf8("a\0")), 1))
                .isEmpty();
    }

    @Test
    void isNoneWhereItIsNotInTheFileOrDoesNotFit() throws Exception {
        var four = delimited(ByteString.copyFrom(new byte[4]));
        assertThat(read(1, RAW, four, 1)).isPresent();
        assertThat(read(1, RAW, four, 2)).isEmpty();
        assertThat(read(1, RAW, four, -1)).isEmpty();
        assertThat(read(1, RAW, four, Long.MAX_VALUE)).isEmpty();
        assertThat(read(1, 13, four, 1)).isEmpty();
        assertThat(read(14, RAW, four, 1)).isEmpty();
        assertThat(read(1L << 40, RAW, four, 1)).isEmpty();
    }

    private static void check(Optional<Tensor> tensor, DataType datatype, String bytes) {
        assertThat(tensor.orElseThrow().name()).isEqualTo("w");
        assertThat(tensor.orElseThrow().datatype()).isEqualTo(datatype);
        assertThat(tensor.orElseThrow().data())
                .isEqualTo(ByteBuffer.wrap(HexFormat.of().parseHex(bytes)));
    }

    private static Optional<Tensor> read(long type, int field, Field value, long elements) throws Exception {
        var proto = UnknownFieldSet.newBuilder()
                .addField(1, Field.newBuilder().addVarint(elements).build())
                .addField(2, Field.newBuilder().addVarint(type).build())
                .addField(8, delimited(ByteString.copyFromUtf8("w")))
                .addField(field, value)
                .build();
        return Initializer.read(Fields.of(proto.toByteArray()));
    }

    private static Field delimited(ByteString value) {
        return Field.newBuilder().addLengthDelimited(value).build();
    }
}
