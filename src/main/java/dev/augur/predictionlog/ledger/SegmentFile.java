package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The segment being written: a group of lines is in it as a whole, or not at all. One thread; blocks. */
final class SegmentFile implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path path;
    private final SegmentOpener opener;
    private final ByteBuffer buffer;
    private FileChannel file;
    private long committed;
    private long written;

    /**
     * Opens a segment.
     *
     * @param bytes its length; what is behind it is cut off before the next write
     * @param buffer see {@link #buffer()}; empty
     */
    SegmentFile(Path path, long bytes, ByteBuffer buffer, SegmentOpener opener) throws IOException {
        this.path = path;
        this.opener = opener;
        this.buffer = buffer;
        this.committed = bytes;
        this.written = bytes;
        this.file = opener.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** A buffer for the segments of one ledger, one after another. */
    static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(BUFFER_BYTES);
    }

    Path path() {
        return path;
    }

    /** The length of all groups that were committed. */
    long bytes() {
        return committed;
    }

    /** Makes sure that the file is open and ends with the last group. */
    void prepare() throws IOException {
        buffer.clear();
        written = committed;
        if (!file.isOpen()) { // an interrupt closes it
            file = opener.open(path, StandardOpenOption.WRITE);
        }
        if (file.size() != committed) {
            file.truncate(committed);
        }
    }

    /** Adds a line to the group and a line feed behind it. */
    void add(byte[] line) throws IOException {
        for (int from = 0; from < line.length; ) {
            int part = Math.min(line.length - from, buffer.remaining());
            buffer.put(line, from, part);
            from += part;
            flushIfFull();
        }
        buffer.put((byte) '\n');
        flushIfFull();
    }

    /** Writes what has been added. */
    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            written += file.write(buffer, written);
        }
        buffer.clear();
    }

    /** The group counts from now on; returns its length. {@link #force} comes before, where it is wanted. */
    long commit() {
        long added = written - committed;
        committed = written;
        return added;
    }

    void force() throws IOException {
        file.force(/* metaData= */ false); // which includes the length
    }

    /** Opens it anew, so that nothing of an old descriptor's state is left, cuts off what was not committed, and forces that. */
    void reopenAndCut() throws IOException {
        file.close();
        file = opener.open(path, StandardOpenOption.WRITE);
        prepare();
        force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void flushIfFull() throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
    }
}
