package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.error.Shown;
import dev.augur.feature.FeatureRow;
import dev.augur.feature.FeatureValue;
import dev.augur.feature.Literal;
import dev.augur.feature.LookupFailure;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns feature values into the elements of one input; what cannot be is refused, and counted unless the request gave
 * it. Thread-safe.
 */
final class FeatureTensor {
    private static final double LARGEST_EXACT = 1L << 53;
    private static final int SHOWN_CHARS = 40;

    private final TensorMetadata input;
    private final Consumer<LookupFailure> faults;

    FeatureTensor(TensorMetadata input, Consumer<LookupFailure> faults) {
        this.input = input;
        this.faults = faults;
    }

    /** One row of the input; fails as {@link InputAssembly#row} does. */
    Tensor of(Shape shape, List<String> features, FeatureRow row) {
        if (input.datatype() == DataType.BYTES) {
            var texts = new ArrayList<byte[]>();
            features.forEach(name -> texts.add(text(name, value(name, row))));
            return Tensor.ofBytes(input.name(), shape, texts);
        }
        var data = ByteBuffer.allocate(features.size() * input.datatype().elementBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        features.forEach(name -> put(data, name, value(name, row)));
        return new Tensor(input.name(), input.datatype(), shape, data.flip());
    }

    private FeatureValue value(String name, FeatureRow row) {
        var value = row.values().get(name);
        if (value == null || value.value() == null) {
            faults.accept(LookupFailure.NO_VALUE);
            throw new ServingException(
                    ErrorCode.FEATURES_UNAVAILABLE,
                    "feature \"" + name + "\" of item " + shown(row.entityKey()) + " has no value");
        }
        return value;
    }

    /** A whole number is written in one way alone, other numbers and truth values are not. */
    private byte[] text(String name, FeatureValue value) {
        if (value.value() instanceof String || value.value() instanceof Long) {
            return value.value().toString().getBytes(StandardCharsets.UTF_8);
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
        return integer(name, value, 0, 1) == 1;
    }

    private long integer(String name, FeatureValue value, long min, long max) {
        Long whole = whole(number(value));
        if (whole == null || whole < min || whole > max) {
            throw unfit(name, value);
        }
        return whole;
    }

    private static @Nullable Long whole(@Nullable Number number) {
        if (number instanceof Double decimal) {
            boolean exact = decimal == Math.rint(decimal) && Math.abs(decimal) <= LARGEST_EXACT;
            return exact ? (Long) decimal.longValue() : null;
        }
        return (Long) number;
    }

    /**
     * A {@code Long} or a {@code Double}: of a truth value 1 or 0, of a text what it writes; {@code null} when it is
     * none.
     */
    private static @Nullable Number number(FeatureValue value) {
        Object found = value.value();
        if (found instanceof String text) {
            String bare = text.strip();
            Object truth = Literal.truth(bare);
            found = truth == null ? Literal.number(bare) : truth;
        }
        if (found instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        return found instanceof Number number ? number : null;
    }

    private double number(String name, FeatureValue value) {
        Number number = number(value);
        if (number == null || !Double.isFinite(number.doubleValue())) {
            throw unfit(name, value);
        }
        return number.doubleValue();
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
        if (!given) {
            faults.accept(LookupFailure.UNFIT);
        }
        return new ServingException(
                given ? ErrorCode.INVALID_ARGUMENT : ErrorCode.FEATURES_UNAVAILABLE,
                "feature \"" + name + "\": " + shown(value.value()) + " does not fit the model's input \""
                        + input.name() + "\" of " + input.datatype());
    }

    private static String shown(@Nullable Object value) {
        String cut = Shown.cut(String.valueOf(value), SHOWN_CHARS);
        return value instanceof String ? "\"" + cut + "\"" : cut;
    }
}
