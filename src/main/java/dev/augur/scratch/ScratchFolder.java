package dev.augur.scratch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder for temporary files that only this user can enter. It is locked while it is used, so that those of processes
 * that died can be told, and are removed whenever one is made. Closing it removes it. Thread-safe; blocks.
 */
public final class ScratchFolder implements AutoCloseable {
    private static final String PREFIX = "augur-scratch-";
    private static final String LOCK = "lock";
    /** A younger one may be about to be locked. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private static final int PROBE_BYTES = 1 << 18;

    private final Path path;
    private final FileChannel lock;

    private ScratchFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes one in the JVM's temporary folder.
     *
     * @throws ScratchException when that folder cannot be used
     */
    public static ScratchFolder make() throws ScratchException {
        try {
            var path = Files.createTempDirectory(PREFIX);
            removeLeft(path);
            var lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (lock.tryLock() == null) {
                throw new IOException("another process has locked " + path);
            }
            return new ScratchFolder(path, lock);
        } catch (IOException e) {
            throw because(e);
        }
    }

    /** What keeps programs' libraries from being unpacked into the temporary folder; empty if nothing does. */
    public static Optional<String> problem() {
        try (var folder = make()) {
            var file = folder.path().resolve("probe");
            Files.write(file, new byte[PROBE_BYTES]);
            folder.allowPrograms(file);
            return Optional.empty();
        } catch (ScratchException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Optional.of(String.valueOf(because(e).getMessage()));
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Makes a file of this folder one that may be loaded as a library.
     *
     * @throws ScratchException when the file system allows none
     */
    public void allowPrograms(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        if (!Files.isExecutable(file)) {
            throw new ScratchException("it allows no programs (noexec)", null);
        }
    }

    /** The same failure with its cause in the operating system's words, and the remedy. */
    public static ScratchException because(IOException e) {
        if (e instanceof ScratchException already) {
            return already;
        }
        if (e instanceof NoSuchFileException) {
            return new ScratchException("it is not there", e);
        }
        if (e instanceof AccessDeniedException) {
            return new ScratchException("this user may not write to it", e);
        }
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return new ScratchException(String.valueOf(reason), e);
    }

    @Override
    public void close() {
        remove(path);
        try {
            lock.close();
        } catch (IOException ignored) {
            // the folder is gone, and its lock with it
        }
    }

    /** What cannot be seen stays. */
    private static void removeLeft(Path own) {
        try {
            var owner = Files.getOwner(own);
            for (Path other : others(own)) {
                removeLeft(other, owner);
            }
        } catch (IOException | UncheckedIOException unlistable) {
            return;
        }
    }

    private static void removeLeft(Path other, UserPrincipal owner) {
        try {
            boolean ours = Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(owner);
            if (ours && !isYoung(other) && isDead(other)) {
                remove(other);
            }
        } catch (IOException gone) {
            return;
        }
    }

    private static List<Path> others(Path own) throws IOException {
        try (Stream<Path> entries = Files.list(own.toAbsolutePath().getParent())) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(PREFIX))
                    .filter(entry -> !entry.getFileName().equals(own.getFileName()))
                    .toList();
        }
    }

    private static boolean isYoung(Path folder) throws IOException {
        var changed =
                Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS).toInstant();
        return changed.isAfter(Instant.now().minus(SETTLED));
    }

    private static boolean isDead(Path folder) throws IOException {
        var file = folder.resolve(LOCK);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return true; // its process ended before it had locked it
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock taken = channel.tryLock()) {
            return taken != null;
        } catch (OverlappingFileLockException heldInThisJvm) {
            return false;
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                var unused = file.toFile().delete(); // what stays is removed later, when its process is dead
            });
        } catch (IOException | UncheckedIOException gone) {
            return;
        }
    }
}
