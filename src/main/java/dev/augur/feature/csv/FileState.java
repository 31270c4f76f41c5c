package dev.augur.feature.csv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What changes when a file changes. Thread-safe.
 *
 * @param file which file it is, where the file system says so: another one may be moved to its name
 */
record FileState(FileTime modified, long size, @Nullable Object file) {
    /** A file that is not there. */
    static final FileState ABSENT = new FileState(FileTime.fromMillis(0), -1, null);

    static FileState of(Path path) throws IOException {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileState(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (NoSuchFileException e) {
            return ABSENT;
        }
    }
}
