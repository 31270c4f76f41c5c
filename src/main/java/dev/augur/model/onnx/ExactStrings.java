package dev.augur.model.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Strings as a model holds them. ONNX Runtime for Java hands strings over as JNI's modified UTF-8: what is above U+FFFF
 * reaches a model as other bytes, and is cut when it comes back, as is everything behind a NUL. Small graphs do here
 * what that interface cannot: a constant of the very bytes makes an input, and an output is taken apart where its
 * strings are.
 *
 * <p>Those of an output are first told apart by a regular expression: whether they are UTF-8 without NUL and up to
 * U+FFFF, which come over as they are. Of the others each character above is a token of its own, told apart by a second
 * expression, and its four bytes are computed from its hash: MurmurHash3 of four bytes can be inverted. Thread-safe on
 * worker threads.
 */
final class ExactStrings implements AutoCloseable {
    private static final String ABOVE = "[\\x{10000}-\\x{10ffff}]";
    private static final String PLAIN = "[\\x{1}-\\x{d7ff}\\x{e000}-\\x{ffff}]*";
    private static final String TOKEN = ABOVE + "|[\\x{1}-\\x{d7ff}\\x{e000}-\\x{ffff}]+|\\x00";

    /** Tokens of one string, each an object here and there. */
    private static final int MAX_TOKENS = 1 << 21;

    private static final int FIRST_BYTE_ABOVE = 0xF0;
    private static final int LAST_FIRST_BYTE_ABOVE = 0xF4;

    private final OrtEnvironment environment;
    private final OrtSession plain;
    private final OrtSession tokens;

    ExactStrings(OrtEnvironment environment) throws OrtException {
        this.environment = environment;
        this.plain = session(
                environment,
                new GraphBuilder()
                        .input("x", GraphBuilder.STRING)
                        .node("RegexFullMatch", List.of("x"), "plain", GraphBuilder.text("pattern", PLAIN))
                        .output("plain", GraphBuilder.BOOL));
        this.tokens = session(
                environment,
                new GraphBuilder()
                        .input("x", GraphBuilder.STRING)
                        .input("index", GraphBuilder.INT64)
                        .integers("flat", -1)
                        .node("Reshape", List.of("x", "flat"), "elements")
                        .node("Gather", List.of("elements", "index"), "element")
                        .node(
                                GraphBuilder.MICROSOFT + ":Tokenizer",
                                List.of("element"),
                                "tokens",
                                GraphBuilder.number("mark", 0),
                                GraphBuilder.number("mincharnum", 1),
                                GraphBuilder.text("pad_value", "-"),
                                GraphBuilder.text("tokenexp", TOKEN))
                        .node("RegexFullMatch", List.of("tokens"), "above", GraphBuilder.text("pattern", ABOVE))
                        .node(
                                GraphBuilder.MICROSOFT + ":MurmurHash3",
                                List.of("tokens"),
                                "hashes",
                                GraphBuilder.number("positive", 0))
                        .output("tokens", GraphBuilder.STRING)
                        .output("above", GraphBuilder.BOOL)
                        .output("hashes", GraphBuilder.INT32));
    }

    /** Whether every string of a tensor reaches a model as it is by way of a Java string. */
    static boolean plain(List<byte[]> utf8) {
        for (byte[] string : utf8) {
            for (byte each : string) {
                if (Byte.toUnsignedInt(each) >= FIRST_BYTE_ABOVE) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Whether a text that came over as a Java string may have been cut: of a character above U+FFFF its first byte is
     * left, as a character.
     */
    static boolean maybeCut(Object text) {
        return text instanceof String string
                && string.chars().anyMatch(c -> c >= FIRST_BYTE_ABOVE && c <= LAST_FIRST_BYTE_ABOVE);
    }

    /** A graph without inputs that yields a tensor of these strings. */
    static OrtSession constant(OrtEnvironment environment, Tensor strings, List<byte[]> elements) throws OrtException {
        return session(
                environment,
                new GraphBuilder()
                        .strings("strings", strings.shape().toArray(), elements)
                        .output("strings", GraphBuilder.STRING));
    }

    /**
     * The strings of an output, UTF-8.
     *
     * @throws ServingException {@code INVALID_ARGUMENT} naming the output when one of them cannot be read: it holds a
     *     NUL, is not UTF-8, or has some million characters above U+FFFF
     */
    List<byte[]> read(String output, OnnxTensor tensor) throws OrtException {
        boolean[] readable;
        try (var result = plain.run(Map.of("x", tensor))) {
            readable = flags(result, "plain");
        }
        var strings = new ArrayList<byte[]>(readable.length);
        collect(tensor.getValue(), strings);
        for (int i = 0; i < readable.length; i++) {
            if (!readable[i]) {
                strings.set(i, takenApart(output, tensor, i));
            }
        }
        return strings;
    }

    @Override
    public void close() throws OrtException {
        plain.close();
        tokens.close();
    }

    private static OrtSession session(OrtEnvironment environment, GraphBuilder graph) throws OrtException {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL); // what fails is answered
            options.setCPUArenaAllocator(/* useArena= */ false);
            return environment.createSession(graph.bytes(), options);
        }
    }

    private byte[] takenApart(String output, OnnxTensor tensor, int index) throws OrtException {
        try (var at = OnnxTensor.createTensor(environment, new long[] {index});
                var result = tokens.run(Map.of("x", tensor, "index", at))) {
            long count =
                    ((OnnxTensor) result.get("tokens").orElseThrow()).getInfo().getNumElements();
            if (count > MAX_TOKENS) {
                throw refused(output, index, "has too many characters above U+FFFF to be read");
            }
            return joined(output, index, result);
        } catch (OrtException e) {
            throw refused(output, index, "is not UTF-8"); // the only thing the tokenizer refuses
        }
    }

    private static byte[] joined(String output, int index, OrtSession.Result result) throws OrtException {
        var tokens = new ArrayList<byte[]>();
        collect(result.get("tokens").orElseThrow().getValue(), tokens);
        boolean[] above = flags(result, "above");
        var hashes = bytes(result, "hashes").asIntBuffer();
        var joined = new ByteArrayOutputStream();
        var character = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < above.length; i++) {
            byte[] token = tokens.get(i);
            if (token.length == 0) {
                throw refused(output, index, "holds a NUL");
            }
            joined.writeBytes(
                    above[i]
                            ? character
                                    .putInt(0, Murmur.inverted(hashes.get(i)))
                                    .array()
                            : token);
        }
        return joined.toByteArray();
    }

    private static boolean[] flags(OrtSession.Result result, String output) {
        var bytes = bytes(result, output);
        var flags = new boolean[bytes.remaining()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = bytes.get() != 0;
        }
        return flags;
    }

    private static ByteBuffer bytes(OrtSession.Result result, String output) {
        var tensor = (OnnxTensor) result.get(output).orElseThrow();
        return tensor.getInfo().getNumElements() == 0 ? ByteBuffer.allocate(0) : tensor.getByteBuffer();
    }

    /** The strings of a Java array of any depth. */
    private static void collect(Object value, List<byte[]> strings) {
        if (value instanceof Object[] elements) {
            for (Object element : elements) {
                collect(element, strings);
            }
        } else {
            strings.add(((String) value).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ServingException refused(String output, int index, String fault) {
        return new ServingException(
                ErrorCode.INVALID_ARGUMENT,
                "output \"" + output + "\": element " + index + " " + fault
                        + ", which cannot be read from ONNX models here");
    }
}
