package dev.augur.predictionlog;

import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Appends groups of records to the ledger. One user at a time, on a worker thread; blocks. */
final class GroupWriter {
    private final Ledger ledger;

    GroupWriter(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * What became of some groups.
     *
     * @param lines the lines written, without line feeds, in order
     * @param unwritable why a record can never be stored, by its id
     */
    record Written(List<ByteBuffer> lines, Map<String, String> unwritable) {
        Written {
            unwritable = Map.copyOf(unwritable);
        }
    }

    /**
     * Writes all of these.
     *
     * @throws IOException if they could not be stored; then none of them is
     */
    Written write(List<RecordGroup> groups) throws IOException {
        var entries = new ArrayList<LedgerEntry>();
        var unwritable = new HashMap<String, String>();
        for (RecordGroup group : groups) {
            for (int i = 0; i < group.size(); i++) {
                add(group, i, entries, unwritable);
            }
        }
        return new Written(ledger.append(entries), unwritable);
    }

    private void add(RecordGroup group, int i, List<LedgerEntry> entries, Map<String, String> unwritable) {
        if (group.from(i) == group.to(i)) {
            unwritable.put(group.id(i), "the record cannot be written as JSON: its node could not write it");
            return;
        }
        var entry = new LedgerEntry(group.id(i), group.json(), group.from(i), group.to(i));
        if (ledger.fits(entry)) {
            entries.add(entry);
        } else {
            unwritable.put(group.id(i), "the record is too large");
        }
    }
}
