package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads the whole lines of one file from an offset on, also while it grows. Memory is one line and a block. The line
 * found last stands in {@link #buffer} from {@link #from} to {@link #to}, until the next call. One thread; blocks.
 */
final class SegmentReader implements Closeable {
    private static final int BLOCK_BYTES = 1 << 18;

    private final FileChannel file;
    private byte[] buffer;
    private long base; // offset in the file of the first byte of the buffer
    private int filled;
    private int searched;
    private int from;
    private int to;
    private int next;
    private long skipped; // bytes of a line that is too long to be one, which were passed over

    SegmentReader(Path path, long offset) throws IOException {
        this.file = FileChannel.open(path, StandardOpenOption.READ);
        this.base = offset;
        this.buffer = new byte[BLOCK_BYTES];
    }

    /**
     * Goes to the next whole line; false where none is left, which may change. Of one that is longer than
     * {@link LineFormat#MAX_LINE_BYTES}, and so none of a writer's, only the end is kept.
     *
     * @throws IOException if the file cannot be read
     */
    boolean next() throws IOException {
        if (next > 0) {
            skipped = 0;
        }
        while (true) {
            for (int i = searched; i < filled; i++) {
                if (buffer[i] == '\n') {
                    from = next;
                    to = i;
                    next = i + 1;
                    searched = next;
                    return true;
                }
            }
            searched = filled;
            if (!fill()) {
                return false;
            }
        }
    }

    byte[] buffer() {
        return buffer;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    byte[] copy() {
        return Arrays.copyOfRange(buffer, from, to);
    }

    /** Where the line found last begins. */
    long lineOffset() {
        return base + from - skipped;
    }

    /** Where the next line begins. */
    long offset() {
        return base + next;
    }

    /** Bytes after the last whole line; known once {@link #next} has said that none is left. */
    long tornBytes() {
        return filled - (long) next + (next == 0 ? skipped : 0);
    }

    /** Forgets what was read ahead, and reads on at an offset. */
    void seek(long offset) {
        base = offset;
        filled = 0;
        searched = 0;
        from = 0;
        to = 0;
        next = 0;
        skipped = 0;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private boolean fill() throws IOException {
        if (next > 0) {
            System.arraycopy(buffer, next, buffer, 0, filled - next);
            base += next;
            filled -= next;
            searched -= next;
            from = 0;
            to = 0;
            next = 0;
        }
        if (filled == buffer.length) {
            if (filled > LineFormat.MAX_LINE_BYTES) {
                base += filled;
                skipped += filled;
                filled = 0;
                searched = 0;
            } else {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
        }
        int read = file.read(ByteBuffer.wrap(buffer, filled, buffer.length - filled), base + filled);
        filled += Math.max(read, 0);
        return read > 0;
    }
}
