package dev.augur.tensor;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Many bytes, some at a time. The JVM cannot stop a thread within one copy or one digest, and whoever has it collect
 * garbage meanwhile waits with all other threads until that is through. Thread-safe.
 */
public final class Portions {
    private static final int BYTES = 1 << 20;

    private Portions() {}

    /** Has each portion dealt with, in order; the buffer stays as it is. */
    public static void each(ByteBuffer bytes, Consumer<ByteBuffer> action) {
        var rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            int end = rest.position() + Math.min(BYTES, rest.remaining()); // of 2 GiB, too
            action.accept(rest.duplicate().limit(end));
            rest.position(end);
        }
    }
}
