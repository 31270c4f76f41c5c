package dev.augur.predictionlog.sink;

import dev.augur.predictionlog.ledger.Cursors;
import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The followers of this node's writer, one for each sink. As {@link Cursors} it keeps retention behind all of them,
 * from its making on. Confined to one event loop; {@link #oldestNeeded} and {@link #all} are thread-safe.
 */
public final class SinkFollowers implements Cursors {
    private static final long BATCH_BYTES = 1 << 20;
    static final String CURSORS = "cursors";

    private final Vertx vertx;
    private final Path directory;
    private final List<Entry<?>> entries;
    private final List<SinkFollower<?>> followers = new CopyOnWriteArrayList<>();
    private @Nullable AbandonedWriters abandoned;

    /** A sink and how it is fed. */
    record Entry<B>(Sink<B> sink, FollowerConfig config) {
        static <B> Entry<B> of(Vertx vertx, SinkKind.Opening<B> opening) {
            var limits = opening.limits();
            return new Entry<>(
                    opening.sink().apply(vertx),
                    new FollowerConfig(limits.batchRecords(), BATCH_BYTES, limits.maxRetryDelay()));
        }

        SinkFollower<B> follower(Vertx vertx, SinkFollower.Source source) {
            return new SinkFollower<>(vertx, sink, config, source);
        }
    }

    SinkFollowers(Vertx vertx, Path directory, List<Entry<?>> entries) {
        this.vertx = vertx;
        this.directory = directory;
        this.entries = List.copyOf(entries);
    }

    /**
     * The followers of the configured sinks; they begin with {@link #start}.
     *
     * @param directory where the ledger lies; the cursors are kept below it
     */
    public static SinkFollowers of(Vertx vertx, Path directory, SinksConfig config) {
        var entries = new ArrayList<Entry<?>>();
        config.sinks().forEach(sink -> entries.add(Entry.of(vertx, sink)));
        return new SinkFollowers(vertx, directory, entries);
    }

    /**
     * Begins to follow a writer. Done when every cursor is known; fails when one cannot be kept.
     *
     * @param folder the writer's, below the directory
     */
    public Future<Void> start(FollowedFolder folder) {
        return entries.isEmpty()
                ? Future.succeededFuture()
                : start(folder, new WorkerPool(vertx, "augur-sinks", entries.size(), entries.size()));
    }

    /** The same with a pool of the caller's, which has a thread for each sink. */
    Future<Void> start(FollowedFolder folder, WorkerPool worker) {
        return worker.run(() -> source(folder, worker)).compose(source -> {
            for (var entry : entries) {
                followers.add(entry.follower(vertx, source));
            }
            return Future.all(followers.stream().map(SinkFollower::start).toList())
                    .mapEmpty();
        });
    }

    /** The ledger has grown. */
    public void wake() {
        followers.forEach(SinkFollower::wake);
    }

    /** Ends all and closes their sinks; takes seconds at most. */
    public Future<Void> stop() {
        var left = abandoned == null ? Future.<Void>succeededFuture() : abandoned.stop();
        return left.transform(stopped ->
                        Future.join(followers.stream().map(SinkFollower::stop).toList()))
                .mapEmpty();
    }

    /** Brings to the same sinks what other writers below the directory have left. */
    public void followAbandoned(SinksConfig config) {
        if (!entries.isEmpty()) {
            var names = entries.stream().map(entry -> entry.sink().name()).toList();
            abandoned = new AbandonedWriters(vertx, directory, config, names);
            abandoned.start();
        }
    }

    /** Whether one of the sinks wants to know which lines are in doubt. */
    public boolean askForDoubts() {
        return entries.stream().anyMatch(entry -> entry.sink().storesTwice());
    }

    /** Each follower, once started. */
    public List<SinkFollower<?>> all() {
        return List.copyOf(followers);
    }

    @Override
    public long oldestNeeded(String writer) {
        if (entries.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return followers.stream()
                .mapToLong(follower -> follower.progress().takenSeq() + 1)
                .min()
                .orElse(1);
    }

    private SinkFollower.Source source(FollowedFolder folder, WorkerPool worker) throws IOException {
        var writer = WriterFolder.in(folder.path()).get(0);
        return new SinkFollower.Source(writer, folder, directory.resolve(CURSORS), worker);
    }
}
