package dev.augur.protocol;

import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.Priority;
import dev.augur.inference.RunTimes;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time to read one inference request and to write its answer, without HTTP. Requests: a row of iris (4 numbers in
 * JSON), of digits (64 small integers, nested as the shape says), an image of 28 × 28 decimal numbers in JSON, the same
 * in binary. Answers: a label and 3 or 10 probabilities; 784 numbers for the image, in the form of the request.
 *
 * <p>{@code ./run.sh bench jmh InferenceJson}. Used on one thread.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class InferenceJsonBenchmark {
    private static final int PIXELS = 784;
    private static final long SEED = 28;

    /** What travels. */
    public enum Content {
        IRIS,
        DIGITS,
        IMAGE,
        IMAGE_BINARY
    }

    @Param
    private Content content = Content.IRIS;

    private RequestBody body = body(new byte[0], 0);
    private InferenceCall call = call(false);
    private InferenceResponse response = answer(0, 3);

    /** Makes the request and the answer. */
    @Setup
    public void make() {
        switch (content) {
            case IRIS -> json("features", "[1,4]", "[5.1,3.5,1.4,0.2]");
            case DIGITS -> json("image", "[1,1,8,8]", digit());
            case IMAGE -> json("image", "[1,1,28,28]", pixels());
            case IMAGE_BINARY -> binary();
        }
        call = call(content == Content.IMAGE_BINARY);
        response = switch (content) {
            case IRIS -> answer(1, 3);
            case DIGITS -> answer(1, 10);
            case IMAGE, IMAGE_BINARY -> answer(0, PIXELS);
        };
    }

    /** Bytes to tensors. */
    @Benchmark
    public InferenceCall decode() {
        return InferenceRequestReader.read(body, "m", null);
    }

    /** Tensors to bytes. */
    @Benchmark
    public InferenceBody encode() {
        return InferenceResponseWriter.write(response, call);
    }

    private void json(String input, String shape, String elements) {
        byte[] json = ("{\"inputs\":[{\"name\":\"" + input + "\",\"shape\":" + shape
                        + ",\"datatype\":\"FP32\",\"data\":" + elements + "}]}")
                .getBytes(StandardCharsets.UTF_8);
        body = body(json, json.length);
    }

    private void binary() {
        byte[] json = ("{\"inputs\":[{\"name\":\"image\",\"shape\":[1,1,28,28],\"datatype\":\"FP32\","
                        + "\"parameters\":{\"binary_data_size\":" + PIXELS * Float.BYTES + "}}],"
                        + "\"parameters\":{\"binary_data_output\":true}}")
                .getBytes(StandardCharsets.UTF_8);
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(json);
        whole.writeBytes(floats("image", PIXELS).data().array());
        body = body(whole.toByteArray(), json.length);
    }

    private static RequestBody body(byte[] bytes, int jsonBytes) {
        return new RequestBody(bytes, jsonBytes, elementBytes -> {});
    }

    private static String digit() {
        var random = new Random(SEED);
        return IntStream.range(0, 8)
                .mapToObj(row -> random.ints(8, 0, 17).mapToObj(String::valueOf).collect(Collectors.joining(",")))
                .collect(Collectors.joining("],[", "[[[[", "]]]]"));
    }

    private static String pixels() {
        var random = new Random(SEED);
        return IntStream.range(0, PIXELS)
                .mapToObj(pixel -> String.valueOf(random.nextFloat()))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static InferenceCall call(boolean binary) {
        var request = new InferenceRequest(null, "m", null, List.of(), List.of(), null, Priority.DEFAULT);
        return new InferenceCall(request, Map.of(), binary, Map.of());
    }

    private static InferenceResponse answer(int labels, int numbers) {
        var output = floats("probabilities", numbers);
        var data = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        var label = new Tensor("label", DataType.INT64, Shape.of(1), data);
        var times = new RunTimes(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, 1, "worker");
        return new InferenceResponse(
                null, "m", "1", null, labels == 0 ? List.of(output) : List.of(label, output), times);
    }

    private static Tensor floats(String name, int count) {
        var random = new Random(SEED);
        var data = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            data.putFloat(random.nextFloat());
        }
        return new Tensor(name, DataType.FP32, Shape.of(1, count), data.flip());
    }
}
