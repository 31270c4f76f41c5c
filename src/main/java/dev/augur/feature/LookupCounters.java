package dev.augur.feature;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What {@link LookupStatistics} reports. Thread-safe. */
final class LookupCounters {
    final LongAdder lookups = new LongAdder();
    final LongAdder hits = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder coalesced = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder defaulted = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder fetches = new LongAdder();
    final LongAdder fetchedKeys = new LongAdder();
    final LongAdder retries = new LongAdder();
    private final Map<LookupFailure, LongAdder> failures = new EnumMap<>(LookupFailure.class);

    LookupCounters() {
        for (var kind : LookupFailure.values()) {
            failures.put(kind, new LongAdder());
        }
    }

    void failed(LookupFailure kind, int lookups) {
        requireNonNull(failures.get(kind)).add(lookups);
    }

    LookupStatistics snapshot(LookupStatistics.Now now) {
        Map<LookupFailure, Long> failed = new EnumMap<>(LookupFailure.class);
        failures.forEach((kind, count) -> failed.put(kind, count.sum()));
        return new LookupStatistics(
                lookups.sum(),
                hits.sum(),
                stale.sum(),
                misses.sum(),
                coalesced.sum(),
                refused.sum(),
                defaulted.sum(),
                refreshes.sum(),
                fetches.sum(),
                fetchedKeys.sum(),
                retries.sum(),
                failed,
                now);
    }
}
