package dev.augur.predictionlog;

import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Encodes records and appends them to the ledger. One user at a time, on a worker thread; blocks. */
final class GroupWriter {
    /** What one group may hold in memory, but for its last record. */
    private static final int MAX_GROUP_BYTES = 8 << 20;

    private final Ledger ledger;

    GroupWriter(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * What became of a group.
     *
     * @param taken how many records, from the first on, were dealt with; the rest did not fit into the group
     * @param lines the lines written, without line feeds, in order
     * @param unwritable places of the records that can never be stored
     */
    record Written(int taken, List<byte[]> lines, Set<Integer> unwritable) {
        Written {
            lines = List.copyOf(lines);
            unwritable = Set.copyOf(unwritable);
        }
    }

    /**
     * Writes as many of the records as fit into one group, at least one.
     *
     * @throws IOException if the group could not be stored; then none of it is
     */
    Written write(List<? extends LogRecord> records) throws IOException {
        var entries = new ArrayList<LedgerEntry>(records.size());
        var unwritable = new HashSet<Integer>();
        var ids = new HashSet<String>();
        int taken = 0;
        for (long bytes = 0; taken < records.size() && bytes < MAX_GROUP_BYTES; taken++) {
            var record = records.get(taken);
            if (ledger.stored(record.recordId()) || ids.contains(record.recordId())) {
                continue; // sent again: not worth encoding
            }
            try {
                byte[] json = RecordJson.encode(record);
                var entry = new LedgerEntry(record.recordId(), json);
                if (ledger.fits(entry)) {
                    entries.add(entry);
                    ids.add(record.recordId());
                    bytes += json.length;
                } else {
                    unwritable.add(taken);
                }
            } catch (UncheckedIOException e) {
                unwritable.add(taken);
            }
        }
        return new Written(taken, ledger.append(entries), unwritable);
    }
}
