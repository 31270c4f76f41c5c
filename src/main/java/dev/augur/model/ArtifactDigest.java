package dev.augur.model;

import dev.augur.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What tells the files of one version of a model from any others. Thread-safe; blocks. */
public final class ArtifactDigest {
    private static final int MAX_DEPTH = 10;
    private static final int MAX_FILES = 10_000;
    private static final int BUFFER_BYTES = 1 << 16;

    private ArtifactDigest() {}

    /**
     * The SHA-256, in hexadecimal digits, of the only file below a folder; of several files that of what
     * {@code sha256sum} prints for them when it is called in the folder with their paths in order.
     *
     * @throws IOException if a file cannot be read, or there are more than 10,000
     */
    public static String of(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> below = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            files = below.filter(Files::isRegularFile)
                    .limit(MAX_FILES + 1L)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (files.size() > MAX_FILES) {
            throw new IOException(folder + ": more than " + MAX_FILES + " files");
        }
        if (files.size() == 1) {
            return digest(files.get(0));
        }
        var listing = Sha256.begin();
        for (Path file : files) {
            String line = digest(file) + "  " + folder.relativize(file) + "\n";
            listing.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return Sha256.hex(listing);
    }

    private static String digest(Path file) throws IOException {
        var digest = Sha256.begin();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return Sha256.hex(digest);
    }
}
