package dev.augur.memory;

import java.util.Locale;
import java.util.Optional;

/**
 * What a node may come to need, at most but for what a model takes while it runs. Thread-safe.
 *
 * @param heapBytes {@code -Xmx}
 * @param bodyBytes {@code http.body-memory}, and {@code http.answer-memory} where other nodes answer: bodies and
 *     tensors outside the heap
 * @param modelFileBytes the files of the models that are served
 */
public record MemoryNeed(long heapBytes, long bodyBytes, long modelFileBytes) {
    /** ONNX Runtime keeps weights as they are in the file, and once more as its kernels want them. */
    private static final int MODEL_FACTOR = 2;

    /** Code, metadata of classes, stacks, and ONNX Runtime itself: a node without models has 140 to 170 MiB. */
    private static final long JVM_BYTES = 160L << 20;

    /** A heap below this serves nobody. */
    private static final long LEAST_HEAP_BYTES = 64L << 20;

    private static final int MIB_SHIFT = 20;

    private long modelBytes() {
        return MODEL_FACTOR * modelFileBytes;
    }

    private long bytes() {
        return heapBytes + bodyBytes + modelBytes() + JVM_BYTES;
    }

    /** All of it, for the lines of the start: {@code 490 of 2048 MiB: heap 256, …}. */
    public String text(MemoryLimit limit) {
        return String.format(
                Locale.ROOT,
                "%d of %d MiB (%s): heap %d, bodies %d, models %d (twice their files), the JVM %d",
                mib(bytes()),
                mib(limit.bytes()),
                limit.source(),
                mib(heapBytes),
                mib(bodyBytes),
                mib(modelBytes()),
                mib(JVM_BYTES));
    }

    /** What is wrong and what to do; empty where there is enough. */
    public Optional<String> fault(MemoryLimit limit) {
        return bytes() <= limit.bytes()
                ? Optional.empty()
                : Optional.of("memory: this node may need " + text(limit) + "; " + remedy(limit)
                        + ", or the system may kill it");
    }

    /** The heap that leaves room for the rest; bodies keep their share of it. */
    private String remedy(MemoryLimit limit) {
        long left = limit.bytes() - modelBytes() - JVM_BYTES;
        double share = (double) heapBytes / (heapBytes + bodyBytes);
        long heap = (long) (left * share);
        long least = modelBytes() + JVM_BYTES + (long) (LEAST_HEAP_BYTES / share);
        return heap >= LEAST_HEAP_BYTES
                ? "start with JAVA_OPTS=-Xmx" + mib(heap) + "m"
                : "give it " + (mib(least) + 1) + " MiB or more, and JAVA_OPTS=-Xmx" + mib(LEAST_HEAP_BYTES) + "m";
    }

    private static long mib(long bytes) {
        return bytes >> MIB_SHIFT;
    }
}
