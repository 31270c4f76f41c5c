package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** How segments are opened for writing; tests put files in that are slow or fail. Called on a worker thread. */
@FunctionalInterface
public interface SegmentOpener {
    /** Opens one. */
    FileChannel open(Path file, OpenOption... options) throws IOException;
}
