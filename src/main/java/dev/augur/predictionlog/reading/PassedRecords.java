package dev.augur.predictionlog.reading;

import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.LedgerReader;
import dev.augur.predictionlog.ledger.ReadLimit;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.predictionlog.line.LineJson;
import dev.augur.predictionlog.line.RecordField;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which records a run of pages has passed below a folder, and so has shown: from here, or before that from another log.
 * Those of the newest lines are in the index; what is older is read from the place of the run onwards, so far at most.
 * Thread-safe; called on a worker thread, blocks.
 */
final class PassedRecords {
    private static final int POLL_LINES = 1_000;
    private static final long POLL_BYTES = 1 << 20;

    private final Path folder;
    private final QueryConfig config;
    private final RecordIndex index;

    PassedRecords(Path folder, QueryConfig config, RecordIndex index) {
        this.folder = folder;
        this.config = config;
        this.index = index;
    }

    /**
     * Those of some records that were passed; one that was may be missing, never the other way round.
     *
     * @param from where the run stands
     */
    Set<String> of(PagePlace from, Set<String> ids) throws IOException {
        var search = new Search(from, ids);
        var known = index.known(ids, from::hasPassed);
        for (LedgerLine line : known.lines()) {
            search.look(line);
        }
        var ends = known.covered().stream().filter(from::hasPassed).toList();
        for (WriterFolder writer : ends.isEmpty() ? List.<WriterFolder>of() : WriterFolder.in(folder)) {
            for (Cursor end : ends) {
                if (end.writer().equals(writer.id())) {
                    search.read(writer, end, config.scanBytes() / ends.size());
                }
            }
        }
        return search.passed;
    }

    private static final class Search {
        private final PagePlace from;
        private final Set<String> open;
        private final Set<String> passed = new HashSet<>();

        private Search(PagePlace from, Set<String> ids) {
            this.from = from;
            this.open = new HashSet<>(ids);
        }

        /** A copy is what the filter matches, as the record on the page is. */
        private void look(LedgerLine line) throws IOException {
            String id = String.valueOf(LineJson.text(line.bytes(), 0, line.bytes().length, RecordField.RECORD_ID));
            if (open.contains(id) && from.hasPassed(line.after())) {
                open.remove(id);
                passed.add(id);
            }
        }

        /** From where the run stands up to what the index has. */
        private void read(WriterFolder writer, Cursor end, long bytes) throws IOException {
            var run = from.run(writer.id()).orElseThrow();
            var start = from.place(writer.id())
                    .map(PagePlace.WriterPlace::cursor)
                    .orElseGet(() -> new Cursor(writer.id(), run.ended(), "", 0));
            long through = Math.min(run.through(), end.seq());
            long left = bytes;
            try (var reader = new LedgerReader(writer, start)) {
                while (left > 0 && !open.isEmpty()) {
                    var lines = reader.poll(new ReadLimit(POLL_LINES, Math.min(left, POLL_BYTES), through));
                    if (lines.isEmpty()) {
                        return;
                    }
                    for (LedgerLine line : lines) {
                        left -= line.bytes().length;
                        look(line);
                    }
                }
            }
        }
    }
}
