package dev.augur.model.onnx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.model.ModelLoadException;
import dev.augur.model.ModelSource;
import dev.augur.model.Run;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strings reach a model, and come back from it, as they are, or are refused. */
class ExactStringsTest {
    private static final Path REPOSITORY = Path.of("src", "test", "resources", "repository");
    private static final long SEED = 20_260_101;

    @TempDir
    Path folder;

    @Test
    void aWordAboveTheBasicPlaneIsFound() throws Exception {
        try (Model model = load(REPOSITORY.resolve("string_lookup/1"))) {
            var words = texts("x", "plain", "😀", "", "grün", "日本", "no", "😁");
            var found = model.predict(List.of(words), List.of("y"), new Run()).get(0);
            assertThat(longs(found)).containsExactly(0, 4, 1, 2, 3, -1, -1);
        }
    }

    @Test
    void anOutputAboveTheBasicPlaneComesAsItIs() throws Exception {
        try (Model model = load(REPOSITORY.resolve("string_names/1"))) {
            assertThat(names(model, 0, 4, 3, 4, 1)).containsExactly("plain", "😀", "日本", "😀", "");
        }
    }

    @Test
    void anOutputWithANulIsRefusedByName() throws Exception {
        try (Model model = load(REPOSITORY.resolve("string_names/1"))) {
            refuses(
                    () -> names(model, 0, 5),
                    "output \"y\": element 1 holds a NUL, which cannot be read from ONNX models here");
            assertThat(names(model, 0)).containsExactly("plain");
        }
    }

    @ParameterizedTest
    @CsvSource({"e9", "61c3", "c080", "eda0bdedb880", "f0808080", "f4908080", "ff", "f09f98"})
    void anOutputThatIsNotUtf8IsRefusedByName(String hex) throws Exception {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex);
        try (Model model = constant("😀".getBytes(UTF_8), bytes)) {
            refuses(
                    () -> constants(model),
                    "output \"y\": element 1 is not UTF-8, which cannot be read from ONNX models here");
        }
    }

    @Test
    void whatLooksLikeBytesOfOthersStaysWhatItIs() throws Exception {
        var odd = "ð\u009F\u0098\u0080";
        var all = List.of(odd, odd + "😀" + odd, "ð", "ñ😀", "ò", "ó", "ô", "\u0001", "\uFFFF\uFFFD", "��😀");
        try (Model model =
                        constant(all.stream().map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new));
                Model echo = load(REPOSITORY.resolve("echo_string/1"))) {
            assertThat(constants(model)).isEqualTo(all);
            assertThat(echoed(echo, all)).isEqualTo(all);
        }
    }

    @Test
    void anyTextMakesTheWholeWay() throws Exception {
        var random = new Random(SEED);
        var all = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            all.add(random.ints(random.nextInt(20), 1, Character.MAX_CODE_POINT + 1)
                    .map(c -> random.nextInt(3) == 0 ? 'a' + c % 26 : c)
                    .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString());
        }
        try (Model echo = load(REPOSITORY.resolve("echo_string/1"))) {
            assertThat(echoed(echo, all)).isEqualTo(all);
        }
    }

    @Test
    void everyCharacterAboveComesBack() throws Exception {
        var plane = new StringBuilder();
        IntStream.rangeClosed(Character.MIN_SUPPLEMENTARY_CODE_POINT, Character.MAX_CODE_POINT)
                .filter(c -> c % 7 == 0 || c < 0x20000)
                .forEach(plane::appendCodePoint);
        try (Model echo = load(REPOSITORY.resolve("echo_string/1"))) {
            var texts = List.of("first", plane.toString());
            assertThat(echoed(echo, texts).equals(texts)).isTrue();
        }
    }

    @Test
    void shapesStayAsTheyAre() throws Exception {
        var file = new GraphBuilder()
                .strings("y", new long[] {2, 1, 2}, bytes("a", "😀", "b", "c😀"))
                .output("y", GraphBuilder.STRING);
        try (Model model = load(write(file))) {
            assertThat(model.predict(List.of(), List.of("y"), new Run()).get(0).shape())
                    .isEqualTo(Shape.of(2, 1, 2));
            assertThat(constants(model)).containsExactly("a", "😀", "b", "c😀");
        }
        var scalar = new GraphBuilder().strings("y", new long[0], bytes("😀")).output("y", GraphBuilder.STRING);
        try (Model model = load(write(scalar))) {
            assertThat(constants(model)).containsExactly("😀");
        }
        var none = new GraphBuilder().strings("y", new long[] {0}, List.of()).output("y", GraphBuilder.STRING);
        try (Model model = load(write(none))) {
            assertThat(constants(model)).isEmpty();
        }
    }

    @Test
    void metadataOfTheFileIsAsItWasWritten() throws Exception {
        var graph = new GraphBuilder().strings("y", new long[] {1}, bytes("a")).output("y", GraphBuilder.STRING);
        var entry = new Message()
                .message(14, new Message().text(1, "wine 🍷").text(2, "[\"red 🍷\", \"ð\"]"))
                .bytes();
        var directory = write(graph);
        Files.write(
                directory.resolve("model.onnx"),
                Stream.of(graph.bytes(), entry).reduce(new byte[0], ExactStringsTest::joined));
        try (Model model = load(directory)) {
            assertThat(model.metadata().properties()).containsEntry("wine 🍷", "[\"red 🍷\", \"ð\"]");
        }
    }

    @Test
    void aTensorWithSuchANameIsNamedAtTheLoad() throws Exception {
        var graph =
                new GraphBuilder().strings("y😀", new long[] {1}, bytes("a")).output("y😀", GraphBuilder.STRING);
        var directory = write(graph);
        assertThatThrownBy(() -> load(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("has characters above U+FFFF");
    }

    private Model constant(byte[]... elements) throws Exception {
        return load(write(new GraphBuilder()
                .strings("y", new long[] {elements.length}, List.of(elements))
                .output("y", GraphBuilder.STRING)));
    }

    private Path write(GraphBuilder graph) throws Exception {
        var directory = Files.createTempDirectory(folder, "model");
        Files.write(directory.resolve("model.onnx"), graph.bytes());
        return directory;
    }

    private static Model load(Path directory) throws Exception {
        return new OnnxModelLoader().load(new ModelSource("strings", "1", directory, 1));
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(ServingException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessage(message);
    }

    private static List<String> constants(Model model) {
        return strings(model.predict(List.of(), List.of("y"), new Run()).get(0));
    }

    private static List<String> names(Model model, long... numbers) {
        var data = java.nio.ByteBuffer.allocate(Long.BYTES * numbers.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(numbers);
        var input = new Tensor("x", dev.augur.tensor.DataType.INT64, Shape.of(numbers.length), data);
        return strings(model.predict(List.of(input), List.of("y"), new Run()).get(0));
    }

    private static List<String> echoed(Model model, List<String> texts) {
        var input = texts("x", texts.toArray(String[]::new));
        return strings(model.predict(List.of(input), List.of("y"), new Run()).get(0));
    }

    private static Tensor texts(String name, String... texts) {
        return Tensor.ofBytes(name, Shape.of(texts.length), bytes(texts));
    }

    private static List<byte[]> bytes(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(UTF_8)).toList();
    }

    private static List<String> strings(Tensor tensor) {
        return tensor.byteStrings().stream()
                .map(bytes -> new String(bytes, UTF_8))
                .toList();
    }

    private static long[] longs(Tensor tensor) {
        long[] values = new long[tensor.count()];
        tensor.elements().asLongBuffer().get(values);
        return values;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return (new String(first, ISO_8859_1) + new String(second, ISO_8859_1)).getBytes(ISO_8859_1);
    }
}
