package dev.augur.predictionlog.ledger;

import java.time.Instant;
import java.util.List;

/**
 * A place where a chain does not go on as it should, noted by a repair or by the running server. Immutable,
 * thread-safe.
 *
 * @param after the last line before it
 * @param before what the next line says of the line before it: its seq less one, and its prev
 * @param setAside the files moved into {@code damaged/}, by their names there
 * @param reasons what was wrong
 * @param notedAt when that was
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
                : after.seq() + 1 == before.seq()
                        ? "seq " + before.seq() + " is missing"
                        : "seq " + (after.seq() + 1) + " to " + before.seq() + " are missing";
    }
}
