package dev.augur.predictionlog.ledger;

import java.time.Instant;
import java.util.List;

/**
 * A place where a chain does not go on as it should, noted by a repair. Immutable, thread-safe.
 *
 * @param after the last line before it
 * @param before what the next line says of the line before it: its seq less one, and its prev
 * @param setAside the files moved into {@code damaged/}, by their names there
 * @param reasons what was wrong
 * @param notedAt when the repair ran
 */
record Gap(ChainPoint after, ChainPoint before, List<String> setAside, List<String> reasons, Instant notedAt) {
    Gap {
        setAside = List.copyOf(setAside);
        reasons = List.copyOf(reasons);
    }

    /** The missing lines, in words. */
    String missing() {
        return after.seq() == before.seq()
                ? "nothing is missing after seq " + after.seq()
                : "seq " + (after.seq() + 1) + " to " + before.seq() + " are missing";
    }
}
