package dev.augur.scratch;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The temporary folder cannot be used; the message says why and what to do, without naming a path. Thread-safe. */
public final class ScratchException extends IOException {
    private static final long serialVersionUID = 1L;

    ScratchException(String reason, @Nullable Throwable cause) {
        super(
                "the temporary folder cannot be used: " + reason
                        + "; set TMPDIR (without run.sh, the JVM's java.io.tmpdir) to a folder"
                        + " that can be written, has 64 MB of room and is not mounted noexec",
                cause);
    }
}
