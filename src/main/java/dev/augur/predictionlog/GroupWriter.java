package dev.augur.predictionlog;

import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Encodes records and appends them to the ledger. One user at a time, on a worker thread; blocks. */
final class GroupWriter {
    /** What one group may hold in memory, but for its last record. */
    private static final int MAX_GROUP_BYTES = 8 << 20;

    private final Ledger ledger;
    private final RecordJson json = new RecordJson();

    GroupWriter(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * What became of a group.
     *
     * @param taken how many records, from the first on, were dealt with; the rest did not fit into the group
     * @param lines the lines written, without line feeds, in order
     * @param unwritable why a record can never be stored, by its id
     */
    record Written(int taken, List<byte[]> lines, Map<String, String> unwritable) {
        Written {
            lines = List.copyOf(lines);
            unwritable = Map.copyOf(unwritable);
        }
    }

    /**
     * Writes as many of the records as fit into one group, at least one.
     *
     * @throws IOException if the group could not be stored; then none of it is
     */
    Written write(List<? extends LogRecord> records) throws IOException {
        var entries = new ArrayList<LedgerEntry>(records.size());
        var unwritable = new HashMap<String, String>();
        var ids = new HashSet<String>();
        int taken = 0;
        for (long size = 0; taken < records.size() && size < MAX_GROUP_BYTES; taken++) {
            var record = records.get(taken);
            if (ledger.stored(record.recordId()) || ids.contains(record.recordId())) {
                continue; // sent again: not worth encoding
            }
            try {
                byte[] bytes = json.encode(record);
                var entry = new LedgerEntry(record.recordId(), bytes);
                if (ledger.fits(entry)) {
                    entries.add(entry);
                    ids.add(record.recordId());
                    size += bytes.length;
                } else {
                    unwritable.put(record.recordId(), "the record is too large");
                }
            } catch (UnwritableRecordException e) {
                unwritable.put(record.recordId(), "the record cannot be written as JSON: " + e.getMessage());
            }
        }
        return new Written(taken, ledger.append(entries), unwritable);
    }
}
