package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The segment being written: a group of lines is in it as a whole, or not at all. One thread; blocks. */
final class SegmentFile implements Closeable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path path;
    private final SegmentOpener opener;
    private final ByteBuffer buffer;
    private final ByteBuffer oneByte = ByteBuffer.allocateDirect(1);
    private final @Nullable Object key; // which file it is, whatever its name; null where the system does not tell
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
        this.file = opener.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.READ,
                LinkOption.NOFOLLOW_LINKS);
        this.key = attributes().fileKey();
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

    /**
     * Makes sure that the file is open and ends with the last group.
     *
     * @throws LostFileException if somebody has cut it, or it was closed and is not there any more
     */
    void prepare() throws IOException {
        buffer.clear();
        written = committed;
        if (!file.isOpen()) { // an interrupt closes it
            reopen();
        }
        if (file.size() < committed) {
            throw new LostFileException(path, cut(file.size()));
        }
        if (file.size() != committed) {
            file.truncate(committed);
        }
    }

    /** Adds so many bytes, from the first on, to the group. */
    void add(byte[] lines, int length) throws IOException {
        for (int from = 0; from < length; ) {
            int part = Math.min(length - from, buffer.remaining());
            buffer.put(lines, from, part);
            from += part;
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
    }

    /** Writes what has been added. */
    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            written += file.write(buffer, written);
        }
        buffer.clear();
    }

    /**
     * Makes sure that whoever looks for what was written finds it under its name.
     *
     * @throws LostFileException if not
     */
    void requireInPlace() throws IOException {
        var what = disturbance();
        if (what != null) {
            throw new LostFileException(path, what);
        }
        if (!file.isOpen()) {
            throw new ClosedChannelException(); // so it was not looked at whole
        }
    }

    /**
     * What somebody else has done to the file; {@code null} if it is in place and holds all that was written, or is
     * closed.
     */
    @Nullable
    String disturbance() {
        try {
            var now = attributes();
            if (!Objects.equals(key, now.fileKey()) || !now.isRegularFile()) {
                return "was replaced by another file";
            }
            if (now.size() != written) {
                return cut(now.size());
            }
            // A file that was cut before the last group was written has a hole where the group before ended.
            return committed == 0 || byteAt(committed - 1) == '\n' ? null : cut(0);
        } catch (ClosedChannelException closed) {
            return null; // by an interrupt or at the end: nobody else has done that
        } catch (NoSuchFileException gone) {
            return "was removed or renamed";
        } catch (IOException e) {
            return "cannot be looked for: " + e;
        }
    }

    /**
     * The group counts from now on; returns its length. {@link #requireInPlace} and, where it is wanted, {@link #force}
     * come before.
     */
    long commit() {
        long added = written - committed;
        committed = written;
        return added;
    }

    /** As {@link #force}, beside what is done here, once there is enough for that. */
    void forceBeside(EarlyForce early, long added) {
        early.wrote(file, added);
    }

    void force() throws IOException {
        file.force(/* metaData= */ false); // which includes the length
    }

    /**
     * Opens it anew, so that nothing of an old descriptor's state is left, cuts off what was not committed, and forces
     * that.
     */
    void reopenAndCut() throws IOException {
        file.close();
        reopen();
        prepare();
        force();
    }

    /** Copies the committed lines, as far as they are still there, to another file; returns their length. */
    long saveTo(Path copy) throws IOException {
        try (var out = FileChannel.open(
                copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            long saved = 0;
            while (file.isOpen() && saved < committed) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), committed - saved));
                if (file.read(buffer, saved) <= 0) {
                    break;
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    saved += out.write(buffer, saved);
                }
            }
            buffer.clear();
            out.force(/* metaData= */ true);
            return saved;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void reopen() throws IOException {
        try {
            file = opener.open(path, StandardOpenOption.WRITE, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            requireSame();
        } catch (NoSuchFileException e) {
            file.close();
            throw new LostFileException(path, "was removed or renamed");
        } catch (IOException e) {
            file.close(); // what is not known to be this file is neither cut nor copied
            throw e;
        }
    }

    private void requireSame() throws IOException {
        if (!Objects.equals(key, attributes().fileKey())) {
            throw new LostFileException(path, "was replaced by another file");
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private int byteAt(long position) throws IOException {
        oneByte.clear();
        return file.read(oneByte, position) == 1 ? oneByte.get(0) : -1;
    }

    private String cut(long size) {
        return "was changed by somebody else: " + size + " bytes where " + written + " were written";
    }
}
