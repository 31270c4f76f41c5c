package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A writer's folder, locked against every other process. A process takes the first folder that no living process holds, or makes a new
 * one, so a node keeps its name over restarts and two nodes on one directory never share a file. Called on a worker thread; blocks.
 */
final class FolderLock implements Closeable {
    private static final String LOCK = "lock";

    private final WriterFolder folder;
    private final FileChannel lockFile;

    private FolderLock(WriterFolder folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Takes a folder.
     *
     * @throws IOException if the directory cannot be made or written; the message names it
     */
    static FolderLock claim(Path root) throws IOException {
        try {
            return take(root);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    e.getFile()
                            + ": no permission to write here; the prediction log needs a directory that this user may"
                            + " write (data.directory)",
                    e);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(
                    e.getFile() + ": is not a directory; the prediction log needs one (data.directory)", e);
        }
    }

    WriterFolder folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static FolderLock take(Path root) throws IOException {
        Files.createDirectories(root);
        for (Path folder : WriterFolder.list(root)) {
            var claimed = WriterFolder.isWriter(folder) ? tryClaim(folder) : null;
            if (claimed != null) {
                return claimed;
            }
        }
        var fresh = Files.createDirectory(
                root.resolve("writer-" + UUID.randomUUID().toString().substring(0, 8)));
        var claimed = tryClaim(fresh);
        if (claimed == null) {
            throw new IOException(fresh + ": another process took the new folder");
        }
        return claimed;
    }

    private static @Nullable FolderLock tryClaim(Path folder) throws IOException {
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
        return lock == null ? null : new FolderLock(new WriterFolder(folder), file);
    }
}
