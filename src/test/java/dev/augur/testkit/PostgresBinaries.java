package dev.augur.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once for this machine and user from the jar that Maven brought. */
final class PostgresBinaries {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private PostgresBinaries() {}

    /** The folder with {@code initdb} and {@code postgres}; every user may read it. */
    static Path programs() throws Exception {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        long size = PostgresBinaries.class.getResource(ARCHIVE).openConnection().getContentLengthLong();
        Path place = temporary.resolve("augur-postgres-" + System.getProperty("user.name") + "-" + size);
        if (!Files.isDirectory(place)) {
            unpack(temporary, place);
        }
        return place.resolve("bin");
    }

    /** Unpacked aside and then renamed, so that a half is never taken for the whole. */
    private static void unpack(Path temporary, Path place) throws Exception {
        Path aside = Files.createTempDirectory(temporary, "augur-postgres-unpacking");
        Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rwxr-xr-x"));
        var tar = new ProcessBuilder("tar", "-x", "--no-same-owner", "-C", aside.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
                var out = tar.getOutputStream()) {
            new XZInputStream(packed).transferTo(out);
        }
        if (tar.waitFor() != 0) {
            throw new AssertionError("tar could not unpack PostgreSQL");
        }
        try {
            Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException anotherWasFaster) {
            if (!Files.isDirectory(place)) {
                throw anotherWasFaster;
            }
        }
    }
}
