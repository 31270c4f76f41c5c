package dev.augur.predictionlog.reading;

import dev.augur.predictionlog.ledger.LedgerLine;
import java.util.List;
import java.util.Optional;

/**
 * Some records, the newest first. Immutable, thread-safe.
 *
 * @param next where to go on; empty when there is nothing more
 */
public record Page(List<LedgerLine> lines, Optional<PagePlace> next) {
    /** What its lines may take, but for the last. */
    public static final long MAX_BYTES = 8 << 20;

    public Page {
        lines = List.copyOf(lines);
    }
}
