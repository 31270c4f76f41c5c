package dev.augur.predictionlog.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A writer's folder, locked against every other process. A process takes the first folder that no living process holds,
 * or makes a new one, so a node keeps its name over restarts and two nodes on one directory never share a file. Called
 * on a worker thread; blocks.
 */
final class FolderLock implements Closeable {
    private static final String LOCK = "lock";
    private static final String REMEDY =
            "; the prediction log needs a directory that this user may write: set data.directory"
                    + " (AUGUR_DATA_DIRECTORY)";

    private final WriterFolder folder;
    private FileChannel lockFile;
    private @Nullable Object key;

    private FolderLock(WriterFolder folder, FileChannel lockFile) throws IOException {
        this.folder = folder;
        this.lockFile = lockFile;
        this.key = key(folder);
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
            throw new IOException(e.getFile() + ": no permission to write here" + REMEDY, e);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(e.getFile() + ": is not a directory" + REMEDY, e);
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new IOException(e.getFile() + ": " + reason + REMEDY, e);
        }
    }

    WriterFolder folder() {
        return folder;
    }

    /** Whether another process would find the folder locked. */
    boolean inPlace() {
        try {
            return Objects.equals(key, key(folder));
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Locks the folder again if somebody has removed or replaced the file that was locked.
     *
     * @throws IOException if another process has taken the folder meanwhile
     */
    void renewIfLost() throws IOException {
        if (inPlace()) {
            return;
        }
        var again = tryClaim(folder.path());
        if (again == null) {
            throw new IOException(folder.path() + ": its lock was removed, and another process has taken it");
        }
        lockFile.close();
        lockFile = again.lockFile;
        key = again.key;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static @Nullable Object key(WriterFolder folder) throws IOException {
        return Files.readAttributes(folder.path().resolve(LOCK), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static FolderLock take(Path root) throws IOException {
        Files.createDirectories(root);
        for (Path folder : WriterFolder.list(root)) {
            // A link would make this process write elsewhere: who reads may follow it, who writes does not.
            boolean own = WriterFolder.isWriter(folder) && !Files.isSymbolicLink(folder);
            var claimed = own ? tryClaim(folder) : null;
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

    /** Takes that folder; {@code null} if a process has it. */
    static @Nullable FolderLock tryClaim(Path folder) throws IOException {
        var path = folder.resolve(LOCK);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !WriterFolder.isRegular(path)) {
            throw new DamagedLedgerException(
                    new Fault(path, 0, "is no file but " + WriterFolder.kind(path) + ": remove it"));
        }
        var file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
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
