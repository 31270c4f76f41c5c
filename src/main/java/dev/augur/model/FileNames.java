package dev.augur.model;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names on disk, whatever the locale: the JDK writes the bytes of a name that the locale cannot express as question
 * marks, and then does not find the file by that text. Thread-safe.
 */
final class FileNames {
    private static final String REMEDY =
            "this process cannot open it in its locale: start with LC_ALL=C.UTF-8, or rename it";

    private FileNames() {}

    /** The last part of a path, read as UTF-8. */
    static String of(Path path) {
        String bytes = path.toUri().getRawPath(); // holds what is no ASCII in percent signs, byte by byte
        String trimmed = bytes.endsWith("/") ? bytes.substring(0, bytes.length() - 1) : bytes;
        String last = trimmed.substring(trimmed.lastIndexOf('/') + 1);
        return URLDecoder.decode(last.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Why a path cannot be given to code that wants its text; empty if it can. */
    static Optional<String> fault(Path path) {
        try {
            boolean same = path.getFileSystem().getPath(path.toString()).equals(path);
            return same && !of(path).contains("\uFFFD") ? Optional.empty() : Optional.of(REMEDY);
        } catch (InvalidPathException e) {
            return Optional.of(REMEDY);
        }
    }
}
