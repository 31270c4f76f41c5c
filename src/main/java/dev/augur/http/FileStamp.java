package dev.augur.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * What tells whether files were changed or replaced since: also by one of the same date and size, as a copy that keeps
 * them is, and where a link in their way was changed. Thread-safe; blocks.
 */
final class FileStamp {
    private FileStamp() {}

    /**
     * Of these files together.
     *
     * @throws IOException that names the one that is not there
     */
    static String of(List<Path> files) throws IOException {
        var all = new StringBuilder();
        for (Path file : files) {
            var now = attributes(file);
            all.append(now.lastModifiedTime())
                    .append(' ')
                    .append(now.size())
                    .append(' ')
                    .append(now.fileKey()) // none on some systems
                    .append(' ');
        }
        return all.toString();
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        }
    }
}
