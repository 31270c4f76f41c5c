package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.protocol.InferenceCall;
import dev.augur.protocol.InferenceRequestReader;
import dev.augur.protocol.RawRequestReader;
import dev.augur.protocol.RequestBody;
import dev.augur.request.BodyMemory;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Any bytes make a call or are refused as a fault of the client, and take no more memory than their number allows. The
 * normal build replays the corpus in {@code InferenceJsonFuzzTestInputs}; the profile {@code fuzz} looks for more, one
 * method at a time: {@code mvn -Pfuzz test -Dtest=InferenceJsonFuzzTest#json}.
 */
class InferenceJsonFuzzTest {
    private static final String TIME = "5m";
    private static final Set<ErrorCode> INVALID = Set.of(ErrorCode.INVALID_ARGUMENT);

    /**
     * An element of two bytes costs a few small objects on its way; what a shape or a size merely claims must cost
     * nothing.
     */
    private static final long BYTES_FOR_A_BYTE = 512;

    private static final long BYTES_IN_ANY_CASE = 1 << 20;

    /** What a tensor is charged beside its elements. */
    private static final long BYTES_OF_A_TENSOR = 512;

    private static final int DECODED_LIMIT = 1 << 16;
    private static final long MEMORY_LIMIT = 1 << 15;
    private static final List<Shape> SHAPES = List.of(
            Shape.of(-1),
            Shape.of(1),
            Shape.of(),
            Shape.of(2, 3),
            Shape.of(-1, 4),
            Shape.of(-1, -1),
            Shape.of(-1, 0),
            Shape.of(-1, 2, -1),
            Shape.of(Long.MAX_VALUE, -1),
            Shape.of(-1, 1L << 40));

    /** The whole body is JSON. */
    @FuzzTest(maxDuration = TIME)
    void json(byte[] body) {
        bounded(body.length, INVALID, () -> json(body, body.length));
    }

    /** Two bytes say how much of the rest is JSON. */
    @FuzzTest(maxDuration = TIME)
    void binary(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        byte[] body = Arrays.copyOfRange(bytes, 2, bytes.length);
        int jsonBytes = Math.min(body.length, (bytes[0] & 0xFF) << 8 | (bytes[1] & 0xFF));
        bounded(body.length, INVALID, () -> json(body, jsonBytes));
    }

    /** Two bytes choose the datatype and shape of the model's input; the rest is its value. */
    @FuzzTest(maxDuration = TIME)
    void raw(byte[] bytes) {
        if (bytes.length < 2) {
            return;
        }
        var datatype = DataType.values()[(bytes[0] & 0xFF) % DataType.values().length];
        var input = new TensorMetadata("x", datatype, SHAPES.get((bytes[1] & 0xFF) % SHAPES.size()));
        var metadata = new ModelMetadata("m", "1", "onnx_onnxv1", List.of(input), List.of(), Map.of());
        byte[] body = Arrays.copyOfRange(bytes, 2, bytes.length);
        bounded(body.length, INVALID, () -> RawRequestReader.read(body, metadata, null));
    }

    /** One byte chooses gzip or deflate; what comes out is read as JSON. */
    @FuzzTest(maxDuration = TIME)
    void coded(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        var coding = ContentCoding.values()[bytes[0] & 1];
        byte[] body = Arrays.copyOfRange(bytes, 1, bytes.length);
        var memory = BodyMemory.ofRequests(MEMORY_LIMIT);
        var codes = Set.of(ErrorCode.INVALID_ARGUMENT, ErrorCode.TOO_LARGE, ErrorCode.OVERLOADED);
        bounded(MEMORY_LIMIT, codes, () -> {
            var share = memory.new Share();
            try {
                byte[] plain = coding.decode(body, DECODED_LIMIT, share);
                assertThat((long) plain.length).isLessThanOrEqualTo(MEMORY_LIMIT);
                return InferenceRequestReader.read(new RequestBody(plain, plain.length, share::require), "m", null);
            } finally {
                share.close();
            }
        });
        assertThat(memory.takenBytes()).isZero();
    }

    /** Refuses what the tensors of a body of this length could never take. */
    private static InferenceCall json(byte[] body, int jsonBytes) {
        long limit = (long) body.length * Long.BYTES + Long.BYTES + BYTES_OF_A_TENSOR;
        return InferenceRequestReader.read(
                new RequestBody(body, jsonBytes, more -> assertThat(more).isBetween(0L, limit)), "m", null);
    }

    private static void bounded(long bytes, Set<ErrorCode> refusals, Supplier<InferenceCall> read) {
        long limit = BYTES_IN_ANY_CASE + bytes * BYTES_FOR_A_BYTE;
        if (allocated(refusals, read) > limit) { // the first time loads classes
            assertThat(allocated(refusals, read)).as("bytes allocated").isLessThanOrEqualTo(limit);
        }
    }

    private static long allocated(Set<ErrorCode> refusals, Supplier<InferenceCall> read) {
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        try {
            check(read.get());
        } catch (ServingException refusal) {
            assertThat(refusals).contains(refusal.code());
            assertThat(refusal.getMessage()).isNotBlank().hasSizeLessThan(20_000);
        }
        return thread.getCurrentThreadAllocatedBytes() - before;
    }

    /** What was read is whole. */
    private static void check(InferenceCall call) {
        for (Tensor input : call.request().inputs()) {
            if (input.datatype() == DataType.BYTES) {
                assertThat((long) input.byteStrings().size())
                        .isEqualTo(input.shape().elements());
            } else {
                assertThat((long) input.data().limit())
                        .isEqualTo(input.shape().elements() * input.datatype().elementBytes());
            }
        }
    }
}
