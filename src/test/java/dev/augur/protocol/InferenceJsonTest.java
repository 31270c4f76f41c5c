package dev.augur.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.Priority;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Halves;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferenceJsonTest {
    private static final InferenceCall JSON_CALL = new InferenceCall(
            new InferenceRequest(null, "m", null, List.of(), List.of(), null, Priority.DEFAULT),
            Map.of(),
            false,
            Map.of());
    private static final String X = "{\"inputs\":[{\"name\":\"x\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":%s}]}";

    @Test
    void readsARequest() {
        var request = read("{\"id\":\"7\",\"parameters\":{\"deep\":[{}]},\"model_name\":\"ignored\",\"inputs\":["
                + "{\"name\":\"a\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[-9223372036854775808,9223372036854775807]},"
                + "{\"name\":\"b\",\"shape\":[],\"datatype\":\"BOOL\",\"data\":[true],\"parameters\":null}],"
                + "\"outputs\":[{\"name\":\"y\",\"parameters\":{\"classification\":1}},{\"name\":\"z\"}]}");

        assertThat(request.id()).isEqualTo("7");
        assertThat(request.outputs()).containsExactly("y", "z");
        assertThat(request.inputs()).extracting(Tensor::name).containsExactly("a", "b");
        assertThat(request.inputs().get(0).elements().getLong(8)).isEqualTo(Long.MAX_VALUE);
        assertThat(request.inputs().get(1).shape()).isEqualTo(Shape.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[-0,0,-0.0,1]", "[[-0,0],\n[-0.0,1]]", "[\n-0,0,-0.0,1]", "[\n[\n-0,0],[-0.0,1]]"})
    void keepsTheSignOfZero(String data) {
        for (var datatype : List.of("FP32", "FP64")) {
            var read = read(String.format(X, data).replace("FP32", datatype))
                    .inputs()
                    .get(0);
            assertThat(String.valueOf(TensorValues.of(read))).isEqualTo("[-0.0, 0.0, -0.0, 1.0]");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[1,2,3,4]", "[[1,2],[3,4]]", " [ [ 1.0 , 2e0 ] , [ 3 , 4 ] ] "})
    void takesDataFlatAndNested(String data) {
        var elements = read(String.format(X, data)).inputs().get(0).elements();
        assertThat(List.of(elements.getFloat(), elements.getFloat(), elements.getFloat(), elements.getFloat()))
                .containsExactly(1f, 2f, 3f, 4f);
    }

    @Test
    void takesTheFieldsOfAnInputInAnyOrder() {
        var request =
                read("{\"inputs\":[{\"data\":[[1,2],[3,4]],\"parameters\":{},\"datatype\":\"FP64\",\"name\":\"x\","
                        + "\"shape\":[2,2]}],\"id\":\"after\"}");
        assertThat(request.inputs().get(0).elements().getDouble(24)).isEqualTo(4.0);
        assertThat(request.id()).isEqualTo("after");
    }

    @Test
    void readsWhatPythonWritesForNumbersThatAreNone() {
        var elements = read(String.format(X, "[NaN,Infinity,-Infinity,-0.0]"))
                .inputs()
                .get(0)
                .elements();
        assertThat(elements.getFloat()).isNaN();
        assertThat(elements.getFloat()).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(elements.getFloat()).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(elements.getFloat()).isEqualTo(-0.0f);
        assertThat(refusal(String.format(X, "[1,2,3,NaN]").replace("FP32", "INT32")))
                .isEqualTo("input \"x\": element 3 must be an integer from -2147483648 to 2147483647, found NaN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1,2,3] | input \"x\": data has 3 elements, shape [2, 2] needs 4",
                "[1,2,3,4,5] | input \"x\": data has more elements than shape [2, 2] holds, 4",
                "[[1,2],[3]] | input \"x\": data has an array of 1 at depth 1, shape [2, 2] says 2",
                "[[1,2]] | input \"x\": data has an array of 1 at depth 0, shape [2, 2] says 2",
                "[[[1,2]],[3,4]] | input \"x\": data is nested deeper than shape [2, 2]",
                "[1,[2]] | input \"x\": data mixes numbers and arrays on one level",
                "[1,2,3,true] | input \"x\": element 3 must be a number within the range of FP32, found true",
                "[1,2,3,\"4\"] | input \"x\": element 3 must be a number within the range of FP32, found 4",
                "[1,2,3,null] | input \"x\": element 3 must be a number within the range of FP32, found null",
                "[1,2,3,-1e400] | input \"x\": element 3 must be a number within the range of FP32, found -1e400",
                "[1,2,3,1e39] | input \"x\": element 3 must be a number within the range of FP32, found 1e39",
                "[1,2,3,{}] | input \"x\": element 3 must be a number within the range of FP32, found {",
                "7 | input \"x\": data must be an array",
                "null | input \"x\": data is missing",
            })
    void namesTheInputWhoseDataIsWrong(String data, String message) {
        assertThat(refusal(String.format(X, data))).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | the body must be a JSON object",
                "[] | the body must be a JSON object",
                "{} | \"inputs\" is missing: expected an array of tensors",
                "{\"inputs\":{}} | \"inputs\" must be an array of tensors",
                "{\"inputs\":[7]} | inputs[0] must be an object",
                "{\"inputs\":[{}]} | inputs[0].name is missing",
                "{\"inputs\":[{\"name\":7}]} | inputs[0].name must be a string",
                "{\"inputs\":[{\"name\":\"x\"}]} | input \"x\": datatype is missing",
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\"}]} | input \"x\": shape is missing",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\"}]} | input \"x\": data is missing",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"parameters\":{\"shared_memory_region\":\"r\"}}]} | input"
                        + " \"x\": shared memory is not served, expected the tensor in the body",
                "{\"outputs\":[{\"name\":\"y\",\"parameters\":{\"shared_memory_region\":\"r\"}}],\"inputs\":[]} | output \"y\":"
                        + " shared memory is not served, expected the tensor in the body",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[-1]}]} | input \"x\": shape must hold integers from 0 to"
                        + " 9223372036854775807",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":7}]} | input \"x\": shape must be an array of integers",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[4294967296,4294967296],\"datatype\":\"FP32\",\"data\":[1]}]} | input \"x\":"
                        + " shape [4294967296, 4294967296] is not possible: long overflow",
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1000000000],\"datatype\":\"FP64\",\"data\":[1]}]} | input \"x\":"
                        + " shape [1000000000] has 1000000000 elements, more than the body can hold",
                "{\"id\":7,\"inputs\":[]} | \"id\" must be a string",
                "{\"inputs\":[],\"outputs\":7} | \"outputs\" must be an array of objects",
                "{\"inputs\":[],\"outputs\":[{}]} | outputs[0].name is missing",
                "{\"inputs\":[]} x | the body is not valid JSON at line 1, column 16: Unrecognized token 'x'",
                "{\"inputs\":[]}{} | the body goes on after the JSON object",
                "{\"inputs\":[] | the body is not valid JSON at line 1, column 13: Unexpected end-of-input: expected close marker for"
                        + " Object",
                "{\"id\":\"a\",\"id\":\"b\"} | the body is not valid JSON at line 1, column 15: Duplicate field 'id'",
            })
    void namesWhatIsWrongWithARequest(String body, String message) {
        assertThat(refusal(body)).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource({
        "INT8,-129",
        "INT8,128",
        "UINT8,-1",
        "UINT8,256",
        "INT16,32768",
        "UINT16,65536",
        "INT32,2147483648",
        "UINT32,4294967296",
        "UINT32,-1",
        "INT64,9223372036854775808",
        "UINT64,18446744073709551616",
        "UINT64,-1",
        "INT32,1.0",
        "INT64,1e2",
        "BOOL,1"
    })
    void refusesIntegersOutOfRange(String datatype, String element) {
        assertThat(refusal("{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"" + datatype + "\",\"data\":["
                        + element + "]}]}"))
                .startsWith("input \"x\": element 0 must be ");
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void readsBackWhatItWrites(DataType datatype) {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var tensor = random(datatype, random);
            var written = new JsonObject(new String(
                    InferenceResponseWriter.write(
                                    new InferenceResponse("id", "m", "1", null, List.of(tensor), null), JSON_CALL)
                            .toByteArray(),
                    StandardCharsets.UTF_8));
            var body = new JsonObject()
                    .put(
                            "inputs",
                            new JsonArray().add(written.getJsonArray("outputs").getJsonObject(0)));
            var back = read(body.encode()).inputs().get(0);
            assertThat(back.elements()).as("seed " + seed).isEqualTo(tensor.elements());
            assertThat(back.shape()).isEqualTo(tensor.shape());
        }
    }

    @Test
    void namesTheOutputThatJsonCannotExpress() {
        var elements = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(Float.NaN)
                .flip();
        var response = new InferenceResponse(
                null, "m", "1", null, List.of(new Tensor("ratio", DataType.FP32, Shape.of(2), elements)), null);
        assertThatThrownBy(() -> InferenceResponseWriter.write(response, JSON_CALL))
                .isInstanceOfSatisfying(
                        ServingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessage("output \"ratio\" holds NaN, which JSON cannot express; ask for it in binary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "UTF-32BE"})
    void readsUtf8Alone(String charset) {
        byte[] bytes = String.format(X, "[1,2,3,4]").getBytes(java.nio.charset.Charset.forName(charset));
        assertThatThrownBy(() ->
                        InferenceRequestReader.read(new RequestBody(bytes, bytes.length, memory -> {}), "m", null))
                .isInstanceOfSatisfying(
                        ServingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void boundsWhatItWouldEchoAndHowManyTensorsItReads() {
        var text = "x".repeat(2_000);
        assertThat(refusal("{\"id\":\"" + text + "\",\"inputs\":[]}"))
                .isEqualTo("\"id\" is longer than 1024 characters");
        assertThat(refusal("{\"inputs\":[{\"name\":\"" + text.repeat(10) + "\"}]}"))
                .isEqualTo("inputs[0].name is longer than 16384 characters");
        assertThat(refusal("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" + text + "\"}]}"))
                .isEqualTo("input \"x\": datatype is longer than 1024 characters");
    }

    @Test
    void readsWhatAModelCanTake() {
        var input = "{\"name\":\"" + "x".repeat(2_000) + "\",\"datatype\":\"BOOL\",\"shape\":[0],\"data\":[]}";
        assertThat(read("{\"inputs\":[" + (input + ",").repeat(2_000) + input + "]}")
                        .inputs())
                .hasSize(2_001);
        var longText = "é".repeat(21_000_000);
        var string =
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"" + longText + "\"]}]}";
        assertThat(read(string).inputs().get(0).data().limit()).isEqualTo(Integer.BYTES + 42_000_000);
        var number = "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[0." + "3".repeat(5_000)
                + "]}]}";
        assertThat(read(number).inputs().get(0).toDoubles()).containsExactly(1 / 3.0);
        var nested = "{\"inputs\":[{\"name\":\"x\",\"shape\":[" + "1,".repeat(99) + "1],\"datatype\":\"INT8\",\"data\":"
                + "[".repeat(100) + "7" + "]".repeat(100) + "}]}";
        assertThat(read(nested).inputs().get(0).shape().rank()).isEqualTo(100);
    }

    @Test
    void chargesATensorForItsOwnWidth() {
        for (var datatype : List.of("FP64", "UINT8", "BYTES")) {
            var taken = new java.util.concurrent.atomic.AtomicLong();
            byte[] body = ("{\"inputs\":[{\"name\":\"x\",\"shape\":[1000],\"datatype\":\"" + datatype + "\",\"data\":["
                            + (datatype.equals("BYTES") ? "\"1\"," : "1,").repeat(999)
                            + (datatype.equals("BYTES") ? "\"1\"" : "1") + "]}]}")
                    .getBytes(StandardCharsets.UTF_8);
            var call = InferenceRequestReader.read(new RequestBody(body, body.length, taken::addAndGet), "m", null);
            assertThat(call.request().inputs()).hasSize(1);
            long width = datatype.equals("FP64") ? 8 : datatype.equals("UINT8") ? 1 : 28;
            assertThat(taken.get()).isBetween(1_000 * width, 1_000 * width + 1_000);
        }
    }

    @Test
    void answersAnyBytesWithARequestOrInvalidArgument() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        byte[] valid = String.format(X, "[[1,2],[3,4.5e0]]").getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = valid.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : "[]{}\",:-0".charAt(random.nextInt(9)));
            }
            try {
                InferenceRequestReader.read(new RequestBody(bytes, bytes.length, memory -> {}), "m", null);
            } catch (ServingException e) {
                assertThat(e.code()).as("seed " + seed).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            }
        }
    }

    private static Tensor random(DataType datatype, Random random) {
        var shape = Shape.of(random.nextInt(4), 1 + random.nextInt(3));
        if (datatype == DataType.BYTES) {
            return Tensor.ofBytes("x", shape, randomStrings((int) shape.elements(), random));
        }
        var elements = ByteBuffer.allocate((int) shape.elements() * datatype.elementBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        while (elements.hasRemaining()) {
            switch (datatype) {
                case BOOL -> elements.put((byte) random.nextInt(2));
                case FP16 -> elements.putShort(Halves.toFp16(random.nextFloat() * 1000 - 500));
                case BF16 ->
                    elements.putShort(
                            Halves.toBf16((float) (random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30))));
                case FP32 -> elements.putFloat(finite(Float.intBitsToFloat(random.nextInt())));
                case FP64 -> elements.putDouble(random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300));
                default -> elements.put((byte) random.nextInt());
            }
        }
        return new Tensor("x", datatype, shape, elements.flip());
    }

    private static List<byte[]> randomStrings(int count, Random random) {
        var strings = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            var text = new StringBuilder();
            random.ints(random.nextInt(6), 0, 0x11_0000)
                    .filter(c -> c < 0xD800 || c > 0xDFFF)
                    .forEach(text::appendCodePoint);
            strings.add(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        return strings;
    }

    private static float finite(float value) {
        return Float.isFinite(value) ? value : 0;
    }

    private static InferenceRequest read(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return InferenceRequestReader.read(new RequestBody(bytes, bytes.length, memory -> {}), "m", null)
                .request();
    }

    private static String refusal(String body) {
        var refusal = catchThrowableOfType(ServingException.class, () -> read(body));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        return refusal.getMessage();
    }
}
