package dev.augur.predictionlog.reading;

import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.LedgerReader;
import dev.augur.predictionlog.ledger.NewestFirst;
import dev.augur.predictionlog.ledger.ReadLimit;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Answers questions to the prediction log on workers of its own. Thread-safe. */
public final class PredictionLogReader {
    private static final int WORKERS = 2;

    private final Path folder;
    private final WorkerPool workers;
    private final PageReader pages;
    private final RecordIndex index;
    private final PassedRecords passed;
    private final ToLongFunction<String> storedSeq;

    /**
     * A reader of every writer below a folder. Created in a verticle, its threads end with that verticle.
     *
     * @param storedSeq the last line of a writer that counts; what is behind it may be cut off again
     */
    public PredictionLogReader(Vertx vertx, Path folder, QueryConfig config, ToLongFunction<String> storedSeq) {
        this.folder = folder;
        this.workers = new WorkerPool(vertx, "augur-log-read", WORKERS, config.queue());
        this.pages = new PageReader(folder, config, storedSeq);
        this.index = new RecordIndex(folder, config, storedSeq);
        this.passed = new PassedRecords(folder, config, index);
        this.storedSeq = storedSeq;
    }

    /**
     * The next page, and perhaps fewer records than asked for though there are more to come. Fails with
     * {@code OVERLOADED} when too many questions wait.
     *
     * @param gone completes when nobody waits for the answer any more
     * @param pack makes what is wanted of it, where it is read
     */
    public <T> Future<T> page(Future<?> gone, PageQuestion question, Function<Page, T> pack) {
        return workers.run(gone, () -> {
            var outcome = question.filter().outcome();
            return pack.apply(
                    outcome.isEmpty()
                            ? pages.read(question, id -> true)
                            : pages.read(question, index.toldOf(outcome.get())::contains));
        });
    }

    /**
     * Which of some records the pages before have read here, and shown if no other log had shown them; one of long ago
     * may be missing. Fails with {@code OVERLOADED} as {@link #page} does.
     *
     * @param from where the next page goes on
     */
    public Future<Set<String>> passed(Future<?> gone, PagePlace from, Set<String> ids) {
        return workers.run(gone, () -> passed.of(from, ids));
    }

    /**
     * The line of a record of any kind; empty if it is not among the newest. Fails with {@code OVERLOADED} as
     * {@link #page} does.
     */
    public Future<Optional<LedgerLine>> find(Future<?> gone, String recordId) {
        return workers.run(gone, () -> index.find(recordId));
    }

    /**
     * The outcomes of a prediction, the newest first, as far as the index has them. Fails with {@code OVERLOADED} as
     * {@link #page} does.
     */
    public Future<List<LedgerLine>> outcomes(Future<?> gone, String predictionId) {
        return workers.run(gone, () -> index.outcomes(predictionId));
    }

    /**
     * Whether a line that was found is as it was written: its hash fits its bytes, and it is chained to the line
     * before, if that is there. Fails with {@code OVERLOADED} as {@link #page} does.
     */
    public Future<Boolean> verified(Future<?> gone, LedgerLine line) {
        return workers.run(gone, () -> line.isIntact() && isChained(line));
    }

    private boolean isChained(LedgerLine line) throws IOException {
        for (WriterFolder writer : WriterFolder.in(folder)) {
            if (writer.id().equals(line.before().writer())) {
                try (var lines = NewestFirst.before(writer, line.before())) {
                    var before = lines.next();
                    return before == null
                            || before.seq() != line.seq() - 1 // behind a gap that a repair has noted
                            || (before.isIntact() && line.isChainedTo(before));
                }
            }
        }
        return true; // removed meanwhile
    }

    /** The writers whose folders are here. Fails with {@code OVERLOADED} as {@link #page} does. */
    public Future<List<String>> writers() {
        return workers.run(
                () -> WriterFolder.in(folder).stream().map(WriterFolder::id).toList());
    }

    /**
     * What a writer has stored behind a place, and not cut off again; empty if its folder is not here. Fails with
     * {@code OVERLOADED} as {@link #page} does.
     *
     * @param limit records; there may be fewer though there are more
     * @param pack makes what is wanted of it, where it is read
     */
    public <T> Future<Optional<T>> after(Cursor from, int limit, Function<Sequel, T> pack) {
        return workers.run(() -> {
            for (WriterFolder writer : WriterFolder.in(folder)) {
                if (writer.id().equals(from.writer())) {
                    return Optional.of(pack.apply(read(writer, from, limit)));
                }
            }
            return Optional.empty();
        });
    }

    private Sequel read(WriterFolder writer, Cursor from, int limit) throws IOException {
        long through = storedSeq.applyAsLong(writer.id());
        if (from.seq() >= through) {
            return new Sequel(List.of(), from);
        }
        try (var reader = new LedgerReader(writer, from)) {
            var lines = reader.poll(new ReadLimit(limit, Sequel.MAX_BYTES, through));
            return new Sequel(lines, reader.cursor());
        }
    }

    /** The threads that read. */
    public WorkerPool workers() {
        return workers;
    }
}
