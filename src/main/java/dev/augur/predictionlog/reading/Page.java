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
    public Page {
        lines = List.copyOf(lines);
    }
}
