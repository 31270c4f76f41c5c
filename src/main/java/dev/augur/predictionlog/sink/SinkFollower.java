package dev.augur.predictionlog.sink;

import dev.augur.error.Repeated;
import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.ledger.CursorFile;
import dev.augur.predictionlog.ledger.DamagedLedgerException;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.ledger.LedgerReader;
import dev.augur.predictionlog.ledger.ReadLimit;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.time.Backoff;
import dev.augur.worker.WorkerPool;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one writer's records to one sink, in order and at least once: it reads a batch, lets the sink write it, for as
 * many tries as that takes, saves the cursor, and goes on; where nothing is left it sleeps until {@link #wake}. In
 * memory is one batch. Confined to one event loop; {@link #progress} is thread-safe.
 */
public final class SinkFollower<B> {
    private static final Logger LOG = LoggerFactory.getLogger(SinkFollower.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(100);
    private static final String CURSOR_LOST = "its cursor cannot be saved";
    private static final Duration STOP = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Sink<B> sink;
    private final FollowerConfig config;
    private final Source source;
    private final CursorFile file;
    private final Progress progress;
    private final Backoff backoff;
    private final Promise<Void> stopped = Promise.promise();
    private Cursor cursor;
    private @Nullable LedgerReader reader; // used by one piece of work at a time
    private volatile long resumedUntil; // the last line that was there, and may be of a batch that was written
    private boolean idle;
    private boolean woken;
    private boolean stopping;
    private int tries;
    private @Nullable Long retryTimer;

    /**
     * What is followed.
     *
     * @param folder the writer's
     * @param followed what may be read of it
     * @param cursors the folder of the cursors
     * @param worker where files are read and batches prepared
     */
    record Source(WriterFolder folder, FollowedFolder followed, Path cursors, WorkerPool worker) {}

    SinkFollower(Vertx vertx, Sink<B> sink, FollowerConfig config, Source source) {
        this.vertx = vertx;
        this.sink = sink;
        this.config = config;
        this.backoff = new Backoff(FIRST_DELAY, config.maxRetryDelay());
        this.source = source;
        this.file =
                new CursorFile(source.cursors(), sink.name(), source.folder().id());
        this.progress = new Progress(source.followed().storedSeq());
        this.cursor = Cursor.start(source.folder().id());
    }

    /** How far it is, and what happened on the way. */
    public Progress progress() {
        return progress;
    }

    /** The sink. */
    public Sink<?> sink() {
        return sink;
    }

    /** Begins after the cursor that was saved last. Fails if the cursor's folder cannot be used. */
    Future<Void> start() {
        long stored = source.followed().storedSeq().getAsLong(); // before anything new is written
        return source.worker().run(() -> load(stored)).map(loaded -> {
            cursor = loaded;
            progress.startAt(loaded.seq());
            next();
            return null;
        });
    }

    /** There may be something new. */
    void wake() {
        woken = true;
        if (idle) {
            next();
        }
    }

    /**
     * Ends after the step it is in, or without its end if that takes long; then the sink is closed. What is left waits
     * for the next start.
     */
    Future<Void> stop() {
        stopping = true;
        if (retryTimer != null && vertx.cancelTimer(retryTimer)) {
            stopped.tryComplete();
        } else if (idle) {
            stopped.tryComplete();
        }
        return stopped.future()
                .timeout(STOP.toMillis(), TimeUnit.MILLISECONDS)
                .transform(ended -> sink.close())
                .recover(failure -> {
                    LOG.warn("sink {}: did not close: {}", sink.name(), String.valueOf(failure));
                    return Future.succeededFuture();
                })
                .compose(closed -> source.worker().perform(this::closeReader));
    }

    /** A batch may have been written whose cursor was not saved; or another writer has the line. */
    private boolean isInDoubt(long seq) {
        return seq <= resumedUntil || source.followed().doubts().contains(seq);
    }

    /** Worker thread. */
    private Cursor load(long stored) throws IOException {
        Cursor saved;
        try {
            saved = file.load();
            if (file.exists()) {
                resumedUntil = Math.min(Math.max(stored, saved.seq()), saved.seq() + SinkLimits.MAX_BATCH);
            } else if (sink.storesTwice()) {
                file.save(saved); // where it is removed later, all is wanted again
            }
        } catch (DamagedLedgerException e) {
            LOG.warn("sink {}: its cursor is lost, it gets all records again: {}", sink.name(), e.getMessage());
            saved = Cursor.start(source.folder().id());
        }
        if (saved.seq() <= stored) {
            return saved;
        }
        LOG.warn("sink {}: had seq {}, the ledger ends at {}: lines were lost there", sink.name(), saved.seq(), stored);
        return new Cursor(saved.writer(), stored, "", 0);
    }

    private void next() {
        idle = false;
        woken = false;
        if (ended()) {
            return;
        }
        var from = cursor;
        source.worker().run(() -> read(from)).onComplete(this::deliverOrSleep);
    }

    /** Worker thread. */
    private Batch<B> read(Cursor from) throws IOException {
        try {
            var open = reader == null ? new LedgerReader(source.folder(), from) : reader;
            reader = open;
            var readable = sink.storesTwice()
                    ? source.followed().settledSeq()
                    : source.followed().storedSeq();
            var limit = new ReadLimit(config.batchRecords(), config.batchBytes(), readable.getAsLong());
            var lines = open.poll(limit);
            return new Batch<>(
                    sink.prepare(lines, this::isInDoubt),
                    lines.size(),
                    lines.isEmpty() ? from : last(lines).after(),
                    since(lines));
        } catch (IOException | RuntimeException e) {
            closeReaderAfter(e); // it may be past lines that were not delivered
            throw e;
        }
    }

    private static LedgerLine last(List<LedgerLine> lines) {
        return lines.get(lines.size() - 1);
    }

    private static long since(List<LedgerLine> lines) {
        return lines.isEmpty() ? 0 : RecordFields.receivedMillis(lines.get(0));
    }

    private void deliverOrSleep(AsyncResult<Batch<B>> read) {
        if (read.failed()) {
            tryAgain("the ledger cannot be read", read.cause(), this::next);
        } else if (read.result().records() > 0) {
            progress.pendingSince(read.result().sinceMillis());
            deliver(read.result());
        } else if (woken) {
            next();
        } else {
            idle = true;
            var unused = ended();
        }
    }

    private void deliver(Batch<B> batch) {
        if (ended()) {
            return;
        }
        Future.<Void>succeededFuture()
                .compose(begun -> sink.write(batch.content())) // a sink that throws has failed
                .onSuccess(written -> save(batch))
                .onFailure(failure -> tryAgain("a batch was not taken", failure, () -> deliver(batch)));
    }

    private void save(Batch<B> batch) {
        if (tries > 0) {
            LOG.info("sink {}: goes on after {} failed tries", sink.name(), tries);
            tries = 0;
        }
        cursor = batch.end();
        progress.took(batch.records(), cursor.seq());
        saveCursor();
    }

    private void saveCursor() {
        var reached = cursor;
        source.worker().perform(() -> file.save(reached)).onComplete(saved -> {
            if (saved.succeeded()) {
                next();
            } else if (sink.storesTwice()) { // what is behind the last one has to be few batches
                tryAgain(CURSOR_LOST, saved.cause(), this::saveCursor);
            } else { // the next one is later anyway
                progress.failed();
                LOG.warn("sink {}: {}: {}", sink.name(), CURSOR_LOST, String.valueOf(saved.cause()));
                next();
            }
        });
    }

    private void tryAgain(String what, Throwable failure, Runnable step) {
        progress.failed();
        if (ended()) {
            return;
        }
        if (Repeated.tells(++tries)) { // it may take days
            LOG.error(
                    "sink {}: {}, {} tries so far, {} records wait: {}",
                    sink.name(),
                    what,
                    tries,
                    progress.lagRecords(),
                    String.valueOf(failure));
        }
        var pause = backoff.halfAfter(tries, ThreadLocalRandom.current());
        retryTimer = vertx.setTimer(Math.max(1, pause.toMillis()), timer -> {
            retryTimer = null;
            step.run();
        });
    }

    private boolean ended() {
        if (stopping) {
            stopped.tryComplete();
        }
        return stopping;
    }

    private void closeReaderAfter(Exception cause) {
        try {
            closeReader();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void closeReader() throws IOException {
        var open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }

    /**
     * What is handed over at once.
     *
     * @param end the cursor once it is taken
     * @param sinceMillis when its first record was received
     */
    private record Batch<B>(B content, int records, Cursor end, long sinceMillis) {}
}
