package dev.augur.predictionlog.reading;

import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.LedgerReader;
import dev.augur.predictionlog.ledger.NewestFirst;
import dev.augur.predictionlog.ledger.ReadLimit;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.predictionlog.reading.Outcomes.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds records by their id: the places of the newest ones are kept, so many at most; what is older is searched from
 * there backwards, so far at most. Thread-safe, one question after another; called on a worker thread, blocks.
 */
final class RecordIndex {
    /*
     * For each writer the index covers the lines after `low` up to `high`. A question first reads what was written
     * since `high`; if that is more than one request may read, the index begins anew at the end. What is not in the
     * index is then searched below `low`, and kept while there is room. When the oldest place gives way to a new one,
     * `low` moves up to it.
     */
    private static final int POLL_LINES = 1_000;
    private static final long POLL_BYTES = 4 << 20;
    private static final int MAX_OUTCOMES = 100;

    private final Path folder;
    private final QueryConfig config;
    private final ToLongFunction<String> storedSeq;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Covered> writers = new HashMap<>();
    private final LinkedHashMap<String, Place> places = new LinkedHashMap<>();
    private final Outcomes outcomes = new Outcomes();

    /** An index of every writer below a folder; see {@link PageReader} for the last parameter. */
    RecordIndex(Path folder, QueryConfig config, ToLongFunction<String> storedSeq) {
        this.folder = folder;
        this.config = config;
        this.storedSeq = storedSeq;
    }

    /** The line of a record; empty if it is not in what may be searched. */
    Optional<LedgerLine> find(String recordId) throws IOException {
        lock.lock();
        try {
            var folders = caughtUp();
            var known = known(recordId);
            if (known.isPresent()) {
                return known;
            }
            for (WriterFolder writer : folders) {
                var found = searchOlder(writer, recordId::equals, config.scanBytes() / folders.size());
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What the index has of some records.
     *
     * @param lines theirs, of each writer that has one
     * @param covered of each writer the place behind which the index has all lines
     */
    record Known(List<LedgerLine> lines, List<Cursor> covered) {
        Known {
            lines = List.copyOf(lines);
            covered = List.copyOf(covered);
        }
    }

    /**
     * What it has of the records with these ids, once it is as large as it may be.
     *
     * @param wanted chooses lines by the place after them, before they are read
     */
    Known known(Set<String> ids, Predicate<Cursor> wanted) throws IOException {
        lock.lock();
        try {
            cover();
            var lines = new ArrayList<LedgerLine>();
            for (String id : ids) {
                for (var place = places.get(id); place != null; place = place.twin()) {
                    if (wanted.test(place.cursor())) {
                        line(place, id).ifPresent(lines::add);
                    }
                }
            }
            return new Known(
                    lines, writers.values().stream().map(covered -> covered.low).toList());
        } finally {
            lock.unlock();
        }
    }

    /** The outcomes of a prediction among the newest records, the newest first, so many at most. */
    List<LedgerLine> outcomes(String predictionId) throws IOException {
        lock.lock();
        try {
            cover();
            var lines = new ArrayList<LedgerLine>();
            for (String id : outcomes.of(predictionId, MAX_OUTCOMES)) {
                known(id).ifPresent(lines::add);
            }
            return lines;
        } finally {
            lock.unlock();
        }
    }

    /** The ids of the predictions that turned out so, according to the newest records. */
    Set<String> toldOf(String outcome) throws IOException {
        lock.lock();
        try {
            cover();
            return outcomes.predictionsOf(outcome);
        } finally {
            lock.unlock();
        }
    }

    /** As much as there is room for, and as one request may read. */
    private void cover() throws IOException {
        var folders = caughtUp();
        for (WriterFolder writer : folders) {
            if (places.size() < config.indexSize()) {
                var unused = searchOlder(
                        writer, id -> places.size() >= config.indexSize(), config.scanBytes() / folders.size());
            }
        }
    }

    private List<WriterFolder> caughtUp() throws IOException {
        var folders = Files.isDirectory(folder) ? WriterFolder.in(folder) : List.<WriterFolder>of();
        for (WriterFolder writer : folders) {
            catchUp(writer);
        }
        return folders;
    }

    private Optional<LedgerLine> known(String recordId) throws IOException {
        var place = places.get(recordId);
        return place == null ? Optional.empty() : line(place, recordId);
    }

    private static Optional<LedgerLine> line(Place place, String recordId) throws IOException {
        try (var lines = NewestFirst.before(place.writer().folder, place.cursor())) {
            var line = lines.next();
            return line != null && recordId.equals(id(line)) ? Optional.of(line) : Optional.empty();
        }
    }

    private void catchUp(WriterFolder writer) throws IOException {
        var covered = writers.get(writer.id());
        if (covered == null) {
            begin(writer);
            return;
        }
        long through = storedSeq.applyAsLong(writer.id());
        long read = 0;
        try (var reader = new LedgerReader(writer, covered.high)) {
            for (var lines = poll(reader, through); !lines.isEmpty(); lines = poll(reader, through)) {
                for (LedgerLine line : lines) {
                    keep(covered, line);
                    read += line.bytes().length;
                }
                covered.high = reader.cursor();
                if (read > config.scanBytes()) {
                    begin(writer);
                    return;
                }
            }
        }
    }

    private static List<LedgerLine> poll(LedgerReader reader, long through) throws IOException {
        return reader.poll(new ReadLimit(POLL_LINES, POLL_BYTES, through));
    }

    /** Covers nothing but the end. */
    private void begin(WriterFolder writer) throws IOException {
        try (var lines = NewestFirst.of(writer)) {
            for (var line = lines.next(); line != null; line = lines.next()) {
                if (line.seq() <= storedSeq.applyAsLong(writer.id())) {
                    places.values().removeIf(place -> leaves(place, writer));
                    writers.put(writer.id(), new Covered(writer, line.after()));
                    return;
                }
            }
        }
    }

    private boolean leaves(Place place, WriterFolder writer) {
        boolean leaves = place.writer().folder.id().equals(writer.id());
        if (leaves) {
            outcomes.remove(place.outcome());
            var twin = place.twin();
            if (twin != null) {
                twin.leave();
            }
        }
        return leaves;
    }

    private Optional<LedgerLine> searchOlder(WriterFolder writer, Predicate<String> wanted, long bytes)
            throws IOException {
        var covered = writers.get(writer.id());
        if (covered == null) {
            return Optional.empty();
        }
        try (var lines = NewestFirst.before(writer, covered.low)) {
            long left = bytes;
            for (var line = lines.next(); line != null && left > 0; line = lines.next()) {
                left -= line.bytes().length;
                var head = RecordHead.of(line.bytes());
                var id = id(head);
                if (places.size() < config.indexSize() && line.seq() <= covered.low.seq()) {
                    put(covered.place(line.after(), head), id, /* newer= */ false);
                    covered.low = line.before();
                }
                if (wanted.test(id)) {
                    return Optional.of(line);
                }
            }
        }
        return Optional.empty();
    }

    private void keep(Covered covered, LedgerLine line) {
        var head = RecordHead.of(line.bytes());
        put(covered.place(line.after(), head), id(head), /* newer= */ true);
        if (places.size() > config.indexSize()) {
            var oldest = places.values().iterator();
            var place = oldest.next();
            place.leave();
            outcomes.remove(place.outcome());
            oldest.remove();
        }
    }

    private void put(Place place, String id, boolean newer) {
        var replaced = places.get(id);
        places.put(id, place.besides(replaced));
        outcomes.remove(replaced == null ? null : replaced.outcome());
        outcomes.add(place.outcome(), newer);
    }

    private static String id(LedgerLine line) {
        return id(RecordHead.of(line.bytes()));
    }

    private static String id(RecordHead head) {
        return Optional.ofNullable(head.recordId()).orElse("");
    }

    /** What the index holds of one writer: the lines after {@code low} up to {@code high}. */
    private static final class Covered {
        private final WriterFolder folder;
        private Cursor high;
        private Cursor low;
        private String segment; // many places share one text

        private Covered(WriterFolder folder, Cursor end) {
            this.folder = folder;
            this.high = end;
            this.low = end;
            this.segment = end.segment();
        }

        private Place place(Cursor after, RecordHead head) {
            if (!segment.equals(after.segment())) {
                segment = after.segment();
            }
            return new Place(this, after.seq(), segment, after.offset(), Outcome.of(head), /* twin= */ null);
        }
    }

    /** Where a line ends; if it is an outcome, which; where another writer has such a line, that. */
    private record Place(
            Covered writer, long seq, String segment, long offset, @Nullable Outcome outcome, @Nullable Place twin) {
        /** This place, and what was known before of other writers. */
        private Place besides(@Nullable Place before) {
            return new Place(writer, seq, segment, offset, outcome, without(before, writer.folder.id()));
        }

        private static @Nullable Place without(@Nullable Place place, String writerId) {
            if (place == null) {
                return null;
            }
            var rest = without(place.twin, writerId);
            return place.writer.folder.id().equals(writerId)
                    ? rest
                    : new Place(place.writer, place.seq, place.segment, place.offset, place.outcome, rest);
        }

        private Cursor cursor() {
            return new Cursor(writer.folder.id(), seq, segment, offset);
        }

        /** The index does not hold this line any more, nor does it claim to. */
        private void leave() {
            if (seq > writer.low.seq()) {
                writer.low = cursor();
            }
            if (twin != null) {
                twin.leave();
            }
        }
    }
}
