package dev.augur.predictionlog.reading;

import dev.augur.predictionlog.ledger.LedgerLine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Some records, the newest first. Immutable, thread-safe.
 *
 * @param start where each writer stood before
 * @param next where to go on; empty when there is nothing more
 * @param frontier when the next record was received, if there is one
 * @param runs what is read of each writer
 */
public record Page(
        List<LedgerLine> lines,
        PagePlace start,
        Optional<PagePlace> next,
        Optional<Instant> frontier,
        List<WriterRun> runs) {
    /** What its lines may take, but for the last. */
    public static final long MAX_BYTES = 8 << 20;

    public Page {
        lines = List.copyOf(lines);
        runs = List.copyOf(runs);
    }
}
