package dev.augur.predictionlog.reading;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.predictionlog.reading.PagePlace.WriterPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes pages of the records of every writer below a folder: each writer's from its last line backwards, and among the
 * writers the one received last. Thread-safe; called on a worker thread, blocks.
 */
final class PageReader {
    /** Each is an open file, and a part of the cursor, which has to fit into a request line. */
    private static final int MAX_WRITERS = 64;

    private final Path folder;
    private final QueryConfig config;
    private final ToLongFunction<String> storedSeq;

    /**
     * A reader.
     *
     * @param storedSeq the last line of a writer that counts; what is behind it may be cut off again
     */
    PageReader(Path folder, QueryConfig config, ToLongFunction<String> storedSeq) {
        this.folder = folder;
        this.config = config;
        this.storedSeq = storedSeq;
    }

    /**
     * The next page.
     *
     * @param limit records, at least 1; there may be fewer even though there are more to come
     */
    Page read(RecordFilter filter, int limit, @Nullable PagePlace from) throws IOException {
        return read(PageQuestion.of(filter, limit, from), id -> true);
    }

    /** The next page of those with one of these ids. */
    Page read(PageQuestion question, Predicate<String> ids) throws IOException {
        var tails = new ArrayList<Tail>();
        try {
            var rest = open(tails, question);
            var start = new ArrayList<>(rest);
            tails.forEach(tail -> start.add(tail.place()));
            var lines = fill(question, tails, ids);
            var newest = newest(tails);
            tails.forEach(tail -> rest.add(tail.place()));
            var next = newest.map(some -> new PagePlace(rest));
            return new Page(lines, new PagePlace(start), next, newest.map(Tail::time), runs(question, tails));
        } finally {
            for (Tail tail : tails) {
                tail.close();
            }
        }
    }

    private List<WriterRun> runs(PageQuestion question, List<Tail> tails) {
        var runs = new ArrayList<WriterRun>();
        for (Tail tail : tails) {
            String writer = tail.place().writer();
            var known = question.from().flatMap(from -> from.run(writer)).orElse(null);
            var run = tail.run(known, storedSeq.applyAsLong(writer));
            if (run != null) {
                runs.add(run);
            }
        }
        return runs;
    }

    private static Optional<Tail> newest(List<Tail> tails) {
        return tails.stream().filter(tail -> !tail.done()).max(Comparator.comparing(Tail::time));
    }

    /** A record that two writers have is taken twice but counts once, so that both are on the same page. */
    private List<LedgerLine> fill(PageQuestion question, List<Tail> tails, Predicate<String> ids) throws IOException {
        var filter = question.filter();
        var lines = new ArrayList<LedgerLine>();
        var known = new HashSet<String>();
        long scanned = 0;
        long kept = 0;
        for (var newest = newest(tails); newest.isPresent(); newest = newest(tails)) {
            var tail = newest.get();
            var head = tail.head();
            String id = String.valueOf(head.recordId());
            boolean full = known.size() >= question.limit() || kept >= question.bytes();
            if ((full || scanned >= config.scanBytes()) && !known.contains(id)) {
                break;
            }
            var line = tail.take();
            scanned += line.bytes().length;
            tail.note(filter.isBefore(head), config.stragglers());
            if (filter.matches(head)
                    && ids.test(id)
                    && line.seq() <= storedSeq.applyAsLong(line.after().writer())) {
                known.add(id);
                lines.add(line);
                kept += line.bytes().length;
            }
        }
        return lines;
    }

    /** Opens what is to be read on; returns the places of the writers that are done. */
    private List<WriterPlace> open(List<Tail> tails, PageQuestion question) throws IOException {
        var done = new ArrayList<WriterPlace>();
        var folders = writers();
        folders.removeIf(writer -> question.except().contains(writer.id()));
        for (WriterFolder writer : folders) {
            if (question.from().isEmpty()) {
                tails.add(Tail.newest(writer));
                continue;
            }
            for (WriterPlace place : question.from().get().writers()) {
                if (place.cursor().writer().equals(writer.id())) {
                    if (place.done()) {
                        done.add(place);
                    } else {
                        tails.add(Tail.before(writer, place));
                    }
                }
            }
            if (tails.size() + done.size() > MAX_WRITERS) {
                throw new ServingException(ErrorCode.INVALID_ARGUMENT, "the cursor names a writer more than once");
            }
        }
        return done;
    }

    private List<WriterFolder> writers() throws IOException {
        var writers = Files.isDirectory(folder) ? WriterFolder.in(folder) : List.<WriterFolder>of();
        if (writers.size() > MAX_WRITERS) {
            throw new ServingException(
                    ErrorCode.NOT_READY,
                    "the prediction log has the folders of " + writers.size() + " writers; at most " + MAX_WRITERS
                            + " are read at once: move old ones elsewhere");
        }
        return new ArrayList<>(writers);
    }
}
