package dev.augur.predictionlog.sink;

import dev.augur.predictionlog.ledger.Doubts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a writer as followers see it. Thread-safe.
 *
 * @param storedSeq up to which line may be read; asked on any thread
 * @param settledSeq up to which line it is known, for each, whether it is in doubt; asked on any thread
 * @param doubts the lines that another writer may have as well
 */
public record FollowedFolder(Path path, LongSupplier storedSeq, LongSupplier settledSeq, Doubts doubts) {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedFolder.class);

    /** What is kept of a writer's doubts; none if that cannot be read, which is told. Worker thread. */
    public static Doubts doubts(Path folder, long stored) {
        try {
            return Doubts.open(folder, stored);
        } catch (IOException e) {
            LOG.warn("prediction log: a sink may bring records that another has brought: {}", e.toString());
            return Doubts.none(folder);
        }
    }
}
