package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the whole lines of one file, the last first. Memory is one line and a block. One thread; blocks. */
final class BackwardLines implements Closeable {
    private static final int BLOCK_BYTES = 1 << 16;

    private final Path path;
    private final FileChannel file;
    private final long size;
    private byte[] buffer = new byte[0];
    private long base; // offset in the file of the first byte of the buffer
    private int end; // what is behind it has been dealt with; a line feed stands before it once the torn end is skipped

    /**
     * Reads backwards from an offset.
     *
     * @param offset where to begin; what stands between the last line feed before it and it is torn and skipped
     */
    BackwardLines(Path path, long offset) throws IOException {
        this.path = path;
        this.file = FileChannel.open(path, StandardOpenOption.READ);
        this.size = Math.min(offset, file.size());
        this.base = size;
        skipTorn();
    }

    static BackwardLines open(Path path) throws IOException {
        return new BackwardLines(path, Long.MAX_VALUE);
    }

    /** The line before, without its line feed; {@code null} at the beginning of the file. */
    byte @Nullable [] next() throws IOException {
        if (base + end == 0) {
            return null;
        }
        int lineFeed = lastLineFeed(end - 1);
        var line = Arrays.copyOfRange(buffer, lineFeed + 1, end - 1);
        end = lineFeed + 1;
        return line;
    }

    /** Where the line returned last begins; before the first, where whole lines end. */
    long offset() {
        return base + end;
    }

    /** Where reading began. */
    long size() {
        return size;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void skipTorn() throws IOException {
        while (true) {
            for (int i = end - 1; i >= 0; i--) {
                if (buffer[i] == '\n') {
                    end = i + 1;
                    return;
                }
            }
            end = 0;
            if (base == 0) {
                return;
            }
            int unused = extend();
        }
    }

    /** The place of the last line feed before an index; -1 if the line begins with the file. */
    private int lastLineFeed(int before) throws IOException {
        int i = before - 1;
        while (true) {
            for (; i >= 0; i--) {
                if (buffer[i] == '\n') {
                    return i;
                }
            }
            if (base == 0) {
                return -1;
            }
            i = extend() - 1;
        }
    }

    /** Puts the block before in front of what is left; returns its length. */
    private int extend() throws IOException {
        if (end > LineFormat.MAX_LINE_BYTES + 1) {
            throw new IOException(path + ": a line is longer than " + LineFormat.MAX_LINE_BYTES + " bytes");
        }
        int more = (int) Math.min(base, Math.max(BLOCK_BYTES, end));
        var longer = new byte[more + end];
        var block = ByteBuffer.wrap(longer, 0, more);
        long from = base - more;
        while (block.hasRemaining()) {
            if (file.read(block, from + block.position()) < 0) {
                throw new IOException(path + ": was cut while it was read");
            }
        }
        System.arraycopy(buffer, 0, longer, more, end);
        buffer = longer;
        base = from;
        end += more;
        return more;
    }
}
