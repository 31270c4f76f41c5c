package dev.augur.predictionlog.sink;

import dev.augur.error.Repeated;
import dev.augur.predictionlog.ledger.AbandonedFolder;
import dev.augur.predictionlog.ledger.CursorFile;
import dev.augur.predictionlog.ledger.DamagedLedgerException;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to the sinks what writers have left that no process holds, one folder at a time: of the processes on the
 * directory the one that has locked the folder does it, with sinks of its own, and leaves it when each sink has all.
 * Confined to one event loop.
 */
final class AbandonedWriters {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedWriters.class);
    private static final long LEAST_LOOK_MILLIS = 50;
    private static final long MOST_LOOK_MILLIS = 15_000;

    private final Vertx vertx;
    private final Path directory;
    private final SinksConfig config;
    private final List<String> sinks;
    private final WorkerPool worker;
    private @Nullable Held held;
    private Future<Void> step = Future.succeededFuture();
    private long timer;
    private boolean stopping;
    private long faults;

    /** A folder that this process holds, and who reads it. */
    private record Held(AbandonedFolder folder, SinkFollowers followers) {
        boolean isRead() {
            return followers.all().stream().allMatch(each -> each.progress().takenSeq() >= folder.lastSeq());
        }
    }

    /**
     * Those below a directory.
     *
     * @param sinks their names
     */
    AbandonedWriters(Vertx vertx, Path directory, SinksConfig config, List<String> sinks) {
        this.vertx = vertx;
        this.directory = directory;
        this.config = config;
        this.sinks = List.copyOf(sinks);
        this.worker = new WorkerPool(vertx, "augur-sinks-left", sinks.size() + 1, sinks.size() + 1);
    }

    /** Begins to look for them. */
    void start() {
        long millis = config.abandonedAfter().toMillis() / 4;
        timer = vertx.setPeriodic(Math.max(LEAST_LOOK_MILLIS, Math.min(MOST_LOOK_MILLIS, millis)), tick -> look());
    }

    /** Leaves what it holds; what is not read by then is read later, by whoever takes it. */
    Future<Void> stop() {
        stopping = true;
        vertx.cancelTimer(timer);
        return step.eventually(this::leave);
    }

    private void look() {
        if (!step.isComplete() || stopping) {
            return;
        }
        var now = held;
        if (now == null) {
            step = worker.run(this::claim)
                    .compose(folder -> folder.map(this::follow).orElseGet(Future::succeededFuture))
                    .recover(this::tell);
        } else if (now.isRead()) {
            LOG.info(
                    "prediction log: the sinks have all of {}",
                    now.folder().folder().id());
            step = leave().recover(this::tell);
        }
    }

    private Future<Void> tell(Throwable failure) {
        if (Repeated.tells(++faults)) {
            LOG.warn(
                    "prediction log: the folder of a writer that no process holds cannot be read: {}",
                    failure.toString());
        }
        return Future.succeededFuture();
    }

    /** Worker thread. */
    private Optional<AbandonedFolder> claim() throws IOException {
        for (WriterFolder folder : WriterFolder.in(directory)) {
            if (AbandonedFolder.isQuiet(folder, config.abandonedAfter()) && waits(folder)) {
                var claimed = AbandonedFolder.claim(folder);
                if (claimed.isPresent()) {
                    return claimed;
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a sink does not have all of it. */
    private boolean waits(WriterFolder folder) throws IOException {
        long last = AbandonedFolder.lastSeq(folder);
        for (String sink : sinks) {
            try {
                var file = new CursorFile(directory.resolve(SinkFollowers.CURSORS), sink, folder.id());
                if (file.load().seq() < last) {
                    return true;
                }
            } catch (DamagedLedgerException lost) {
                return last > 0;
            }
        }
        return false;
    }

    private Future<Void> follow(AbandonedFolder folder) {
        var followers = SinkFollowers.of(vertx, directory, config);
        held = new Held(folder, followers);
        LOG.info(
                "prediction log: no process holds {}, this one brings its records to the sinks",
                folder.folder().id());
        return worker.run(() -> followed(folder))
                .compose(followed -> followers.start(followed, worker))
                .recover(failure -> leave().transform(left -> Future.failedFuture(failure)));
    }

    /** Worker thread. */
    private static FollowedFolder followed(AbandonedFolder folder) {
        var path = folder.folder().path();
        var doubts = FollowedFolder.doubts(path, folder.lastSeq());
        return new FollowedFolder(path, folder::lastSeq, folder::lastSeq, doubts);
    }

    private Future<Void> leave() {
        var left = held;
        held = null;
        return left == null
                ? Future.succeededFuture()
                : left.followers().stop().eventually(() -> worker.perform(left.folder()::close));
    }
}
