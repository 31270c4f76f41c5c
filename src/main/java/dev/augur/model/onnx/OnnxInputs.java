package dev.augur.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Portions;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The native tensors of one run; closing it frees them all. Used on one worker thread. */
final class OnnxInputs implements AutoCloseable {
    private final OrtEnvironment environment;
    private final IntFunction<ByteBuffer> memory;
    private final Map<DataType, UnsignedCast> casts;
    private final Map<String, OnnxTensorLike> tensors = new LinkedHashMap<>();
    private final ArrayDeque<AutoCloseable> open = new ArrayDeque<>();

    /**
     * No tensors yet.
     *
     * @param memory yields direct buffers, in native order, that nobody else uses before this is closed
     */
    OnnxInputs(OrtEnvironment environment, Map<DataType, UnsignedCast> casts, IntFunction<ByteBuffer> memory) {
        this.environment = environment;
        this.memory = memory;
        this.casts = casts;
    }

    /** Makes the native tensors. */
    Map<String, OnnxTensorLike> feed(List<Tensor> inputs) throws OrtException {
        for (Tensor input : inputs) {
            tensors.put(input.name(), make(input));
        }
        return tensors;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a native tensor did not close", e);
            }
        }
    }

    private OnnxTensor make(Tensor input) throws OrtException {
        if (input.datatype() == DataType.BYTES) {
            return texts(input);
        }
        var tensor = numbers(input);
        open.push(tensor);
        var cast = casts.get(input.datatype());
        if (cast == null) {
            return tensor;
        }
        var result = cast.cast(tensor);
        open.push(result);
        return (OnnxTensor) result.get(0);
    }

    private OnnxTensor numbers(Tensor input) throws OrtException {
        ByteBuffer direct = memory.apply(input.data().limit());
        Portions.each(input.elements(), direct::put);
        direct.flip();
        return OnnxTensor.createTensor(
                environment, direct, input.shape().toArray(), OnnxTypes.javaType(input.datatype()));
    }

    private OnnxTensor texts(Tensor input) throws OrtException {
        var elements = input.byteStrings();
        var strings = strings(input.name(), elements);
        if (ExactStrings.plain(elements)) {
            var tensor =
                    OnnxTensor.createTensor(environment, strings, input.shape().toArray());
            open.push(tensor);
            return tensor;
        }
        var constant = ExactStrings.constant(environment, input, elements);
        open.push(constant);
        var result = constant.run(Map.of());
        open.push(result);
        return (OnnxTensor) result.get(0);
    }

    /**
     * Checks the elements of a tensor of byte strings.
     *
     * @throws ServingException {@code INVALID_ARGUMENT} when one is not UTF-8 or holds a NUL
     * @throws IllegalArgumentException when they do not add up to the shape
     */
    static void requireTexts(Tensor input) {
        strings(input.name(), input.byteStrings());
    }

    @CanIgnoreReturnValue // to check them
    private static String[] strings(String name, List<byte[]> elements) {
        var strings = new String[elements.size()];
        for (int i = 0; i < strings.length; i++) {
            strings[i] = string(name, i, elements.get(i));
        }
        return strings;
    }

    /** ONNX Runtime for Java takes strings alone: other bytes, and NUL, would reach the model as something else. */
    private static String string(String name, int index, byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused(name, index, "is not valid UTF-8");
        }
        if (text.indexOf('\0') >= 0) {
            throw refused(name, index, "holds a NUL");
        }
        return text;
    }

    private static ServingException refused(String name, int index, String fault) {
        return new ServingException(
                ErrorCode.INVALID_ARGUMENT,
                "input \"" + name + "\": element " + index + " " + fault + ", which ONNX models here cannot be given");
    }
}
