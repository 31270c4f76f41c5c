package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Real files, of which writes, forces and truncations fail, or writes take their time, when told to. */
public final class FailingDisk implements SegmentOpener {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Bytes that may still be written. */
    long room = Long.MAX_VALUE;

    private long bytesPerSecond = Long.MAX_VALUE;
    /** Done before each write. */
    Intrusion beforeWrite = () -> {};

    boolean forces = true;
    boolean truncates = true;
    final List<Path> opened = new ArrayList<>();
    final AtomicInteger forced = new AtomicInteger();

    /** One that fails in nothing and takes that many bytes in a second. */
    public static FailingDisk slow(long bytesPerSecond) {
        var disk = new FailingDisk();
        disk.bytesPerSecond = bytesPerSecond;
        return disk;
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        opened.add(file);
        return new Channel(FileChannel.open(file, options));
    }

    /** What somebody else does meanwhile. */
    @FunctionalInterface
    interface Intrusion {
        void run() throws IOException;
    }

    private final class Channel extends FileChannel {
        private final FileChannel file;

        Channel(FileChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            beforeWrite.run();
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int limit = source.limit();
            source.limit((int) Math.min(limit, source.position() + room));
            int written = file.write(source, position);
            source.limit(limit);
            room -= room == Long.MAX_VALUE ? 0 : written;
            if (bytesPerSecond < Long.MAX_VALUE) {
                LockSupport.parkNanos(written * NANOS_PER_SECOND / bytesPerSecond);
            }
            return written;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            forced.incrementAndGet();
            if (!forces) {
                throw new IOException("Input/output error");
            }
            file.force(metaData);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            if (!truncates) {
                throw new IOException("Input/output error");
            }
            file.truncate(size);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long newPosition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
