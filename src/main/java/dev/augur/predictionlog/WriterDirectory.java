package dev.augur.predictionlog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one writer, locked against every other process. A process takes the first folder that no living process holds, or
 * makes a new one, so a node keeps its name over restarts and two nodes on one directory never share a file. Called on a worker
 * thread; blocks.
 */
final class WriterDirectory implements Closeable {
    private static final String PREFIX = "writer-";
    private static final String LOCK = "lock";
    private static final String SEGMENT = ".ndjson";

    private final Path directory;
    private final FileChannel lockFile;

    private WriterDirectory(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    static WriterDirectory claim(Path root) throws IOException {
        Files.createDirectories(root);
        for (Path folder : list(root)) {
            if (Files.isDirectory(folder)
                    && String.valueOf(folder.getFileName()).startsWith(PREFIX)) {
                var claimed = tryClaim(folder);
                if (claimed != null) {
                    return claimed;
                }
            }
        }
        var fresh = Files.createDirectory(
                root.resolve(PREFIX + UUID.randomUUID().toString().substring(0, 8)));
        var claimed = tryClaim(fresh);
        if (claimed == null) {
            throw new IOException(fresh + ": another process took the new folder");
        }
        return claimed;
    }

    /** The writer's name. */
    String id() {
        return String.valueOf(directory.getFileName());
    }

    /** The segments, oldest first. */
    List<Path> segments() throws IOException {
        return list(directory).stream()
                .filter(file -> file.toString().endsWith(SEGMENT))
                .toList();
    }

    /** The file of the segment that begins with this sequence number. */
    Path segment(long firstSeq) {
        return directory.resolve(String.format("%020d", firstSeq) + SEGMENT);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static @Nullable WriterDirectory tryClaim(Path folder) throws IOException {
        var file = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException heldInThisJvm) {
            lock = null;
        } finally {
            if (lock == null) {
                file.close();
            }
        }
        return lock == null ? null : new WriterDirectory(folder, file);
    }
}
