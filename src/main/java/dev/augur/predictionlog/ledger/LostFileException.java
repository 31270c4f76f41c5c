package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.file.Path;

/** A file being written is not under its name any more, or not as this writer left it. Thread-safe. */
final class LostFileException extends IOException {
    private static final long serialVersionUID = 1L;

    LostFileException(Path file, String what) {
        super(file + ": " + what);
    }
}
