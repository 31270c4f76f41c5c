package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureRow;
import dev.augur.feature.FeatureValue;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Halves;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns feature values into the elements of one input, exactly or not at all. Thread-safe. */
final class FeatureTensor {
    private static final double LARGEST_EXACT = 1L << 53;

    private final TensorMetadata input;

    private FeatureTensor(TensorMetadata input) {
        this.input = input;
    }

    /** One row of that input; fails as {@link InputAssembly#row} does. */
    static Tensor of(TensorMetadata input, Shape shape, List<String> features, FeatureRow row) {
        var maker = new FeatureTensor(input);
        if (input.datatype() == DataType.BYTES) {
            var texts = new ArrayList<byte[]>();
            features.forEach(name -> texts.add(maker.text(name, value(name, row))));
            return Tensor.ofBytes(input.name(), shape, texts);
        }
        var data = ByteBuffer.allocate(features.size() * input.datatype().elementBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        features.forEach(name -> maker.put(data, name, value(name, row)));
        return new Tensor(input.name(), input.datatype(), shape, data.flip());
    }

    private static FeatureValue value(String name, FeatureRow row) {
        var value = row.values().get(name);
        if (value == null || value.value() == null) {
            throw new ServingException(
                    ErrorCode.FEATURES_UNAVAILABLE,
                    "feature \"" + name + "\" of item " + shown(row.entityKey()) + " has no value");
        }
        return value;
    }

    private byte[] text(String name, FeatureValue value) {
        if (value.value() instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        throw unfit(name, value);
    }

    private void put(ByteBuffer data, String name, FeatureValue value) {
        switch (input.datatype()) {
            case BOOL -> data.put((byte) (bool(name, value) ? 1 : 0));
            case INT8 -> data.put((byte) integer(name, value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT8 -> data.put((byte) integer(name, value, 0, 0xFF));
            case INT16 -> data.putShort((short) integer(name, value, Short.MIN_VALUE, Short.MAX_VALUE));
            case UINT16 -> data.putShort((short) integer(name, value, 0, 0xFFFF));
            case INT32 -> data.putInt((int) integer(name, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case UINT32 -> data.putInt((int) integer(name, value, 0, 0xFFFF_FFFFL));
            case INT64 -> data.putLong(integer(name, value, Long.MIN_VALUE, Long.MAX_VALUE));
            case UINT64 -> data.putLong(integer(name, value, 0, Long.MAX_VALUE));
            case FP16 -> data.putShort(half(name, value));
            case BF16 -> data.putShort(Halves.toBf16(single(name, value)));
            case FP32 -> data.putFloat(single(name, value));
            case FP64 -> data.putDouble(number(name, value));
            case BYTES -> throw new IllegalArgumentException("texts are made above");
        }
    }

    private boolean bool(String name, FeatureValue value) {
        if (value.value() instanceof Boolean flag) {
            return flag;
        }
        return integer(name, value, 0, 1) == 1;
    }

    private long integer(String name, FeatureValue value, long min, long max) {
        Long whole = whole(value.value());
        if (whole == null || whole < min || whole > max) {
            throw unfit(name, value);
        }
        return whole;
    }

    private static @Nullable Long whole(@Nullable Object value) {
        if (value instanceof Long whole) {
            return whole;
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) <= LARGEST_EXACT) {
            return number.longValue();
        }
        return null;
    }

    private double number(String name, FeatureValue value) {
        if (value.value() instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw unfit(name, value);
    }

    private float single(String name, FeatureValue value) {
        float single = (float) number(name, value);
        if (Float.isInfinite(single)) {
            throw unfit(name, value);
        }
        return single;
    }

    private short half(String name, FeatureValue value) {
        short bits = Halves.toFp16(single(name, value));
        if (Float.isInfinite(Halves.fromFp16(bits))) {
            throw unfit(name, value);
        }
        return bits;
    }

    /** A value that the request gave is the client's fault, any other the store's. */
    private ServingException unfit(String name, FeatureValue value) {
        boolean given = value.status() == FeatureValue.Status.OVERRIDDEN;
        return new ServingException(
                given ? ErrorCode.INVALID_ARGUMENT : ErrorCode.FEATURES_UNAVAILABLE,
                "feature \"" + name + "\": " + shown(value.value()) + " does not fit the model's input \""
                        + input.name() + "\" of " + input.datatype());
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        String cut = text.length() <= 40 ? text : text.substring(0, 40) + "…";
        return value instanceof String ? "\"" + cut + "\"" : cut;
    }
}
