package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a writer that no process holds, held by this one while somebody reads it. Nothing is written to it, so
 * it ends with its last whole line. Called on a worker thread; blocks.
 */
public final class AbandonedFolder implements Closeable {
    private final FolderLock lock;
    private final long lastSeq;

    private AbandonedFolder(FolderLock lock, long lastSeq) {
        this.lock = lock;
        this.lastSeq = lastSeq;
    }

    /** Takes the folder; empty if a process has it, or it is a link. */
    public static Optional<AbandonedFolder> claim(WriterFolder folder) throws IOException {
        var lock = Files.isSymbolicLink(folder.path()) ? null : FolderLock.tryClaim(folder.path());
        if (lock == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AbandonedFolder(lock, lastSeq(folder)));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The number of the last whole line in a folder; 0 if there is none. */
    public static long lastSeq(WriterFolder folder) throws IOException {
        try (var lines = NewestFirst.of(folder)) {
            var last = lines.next();
            return last == null ? 0 : last.seq();
        }
    }

    /** Whether nothing was written to a folder for so long. */
    public static boolean isQuiet(WriterFolder folder, Duration time) throws IOException {
        var newest = newest(folder.segments());
        return newest != null
                && Files.getLastModifiedTime(newest, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .plus(time)
                        .isBefore(Instant.now());
    }

    private static @Nullable Path newest(List<Path> segments) {
        return segments.isEmpty() ? null : segments.get(segments.size() - 1);
    }

    /** The folder. */
    public WriterFolder folder() {
        return lock.folder();
    }

    /** The number of its last line. */
    public long lastSeq() {
        return lastSeq;
    }

    /** Leaves it to whoever takes it next. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
