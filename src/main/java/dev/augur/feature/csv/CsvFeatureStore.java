package dev.augur.feature.csv;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a CSV file, in memory. The file is read on a worker, and again when it has changed; the rows of the old
 * one are served until those of the new one are there, and go on being served when the new one cannot be read. Fetches
 * fail with {@code FEATURES_UNAVAILABLE} before the first file was read. Thread-safe.
 */
public final class CsvFeatureStore implements FeatureStore {
    private static final Logger LOG = LoggerFactory.getLogger(CsvFeatureStore.class);
    private static final int MAX_KEYS = 10_000;
    private static final int CELLS_ON_THE_LOOP = 20_000; // a millisecond or two

    private final Vertx vertx;
    private final WorkerPool workers;
    private final CsvConfig config;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Future<Void> firstLook;
    private final long timer;
    private volatile @Nullable CsvTable table;
    private volatile String problem = "has not been read yet";
    private volatile boolean closed;

    /**
     * Written by whoever set {@code looking}: the file that was read or refused, and the one that may still be being
     * written.
     */
    private volatile @Nullable FileState known;

    private volatile @Nullable FileState changing;

    private volatile List<String> notes = List.of();

    private CsvFeatureStore(Vertx vertx, WorkerPool workers, CsvConfig config) {
        this.vertx = vertx;
        this.workers = workers;
        this.config = config;
        this.firstLook = look();
        this.timer = vertx.setPeriodic(
                config.reloadInterval().toMillis(), id -> look().onFailure(CsvFeatureStore::complain));
    }

    /**
     * Begins to read the file. It need not be there.
     *
     * @param workers where files are read, and large fetches answered; at least two workers, so that a fetch does not
     *     wait for a file
     */
    public static CsvFeatureStore open(Vertx vertx, WorkerPool workers, CsvConfig config) {
        return new CsvFeatureStore(vertx, workers, config);
    }

    @Override
    public Future<Void> opened() {
        return firstLook.otherwiseEmpty();
    }

    @Override
    public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
        var current = table;
        if (current == null || closed) {
            return Future.failedFuture(new ServingException(
                    ErrorCode.FEATURES_UNAVAILABLE, closed ? fileName() + " is closed" : fileName() + " " + problem));
        }
        long cells = (long) entityKeys.size() * current.columns().size();
        if (cells > CELLS_ON_THE_LOOP) {
            return workers.run(() -> current.vectors(entityKeys, Instant.now()));
        }
        return Future.succeededFuture(current.vectors(entityKeys, Instant.now()));
    }

    @Override
    public int maxKeys() {
        return MAX_KEYS;
    }

    @Override
    public Optional<String> notReady() {
        return table == null ? Optional.of(fileName() + " " + problem) : Optional.empty();
    }

    @Override
    public Optional<String> unfit(String feature, Form form) {
        var current = table;
        if (current == null) {
            return Optional.empty();
        }
        return current.scans().stream()
                .filter(column -> column.name().equals(feature))
                .findFirst()
                .map(column -> column.unfit(form).map(why -> fileName() + ": " + why))
                .orElseGet(() -> Optional.of(fileName() + " has no column \"" + feature + "\""));
    }

    @Override
    public Optional<Object> anEntity() {
        return Optional.ofNullable(table).map(current -> current.keys().first());
    }

    @Override
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        table = null;
        return Future.succeededFuture();
    }

    /** Looks whether the file has changed, and reads it if so; done at once while another look is on its way. */
    Future<Void> look() {
        if (closed || !looking.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        return workers.run(this::readChanged)
                .onComplete(looked -> looking.set(false))
                .mapEmpty();
    }

    /** A file that changed is read once it stayed the same from one look to the next; the first one is read at once. */
    private boolean readChanged() {
        try {
            var seen = FileState.of(config.path());
            if (seen.equals(known)) {
                return false;
            }
            if (known != null && !seen.equals(changing)) {
                changing = seen;
                return false;
            }
            return read(seen);
        } catch (IOException e) { // may pass by itself: tried again at the next look
            refuse("cannot be read: " + e.getClass().getSimpleName());
            return false;
        }
    }

    private boolean read(FileState seen) throws IOException {
        if (seen.equals(FileState.ABSENT)) {
            known = seen;
            refuse("is not there");
            return false;
        }
        try {
            var fresh = CsvTableReader.read(config);
            boolean whole = FileState.of(config.path()).equals(seen);
            if (whole) {
                known = seen;
                serve(fresh);
            }
            return whole;
        } catch (CsvException e) {
            if (FileState.of(config.path()).equals(seen)) {
                known = seen;
                refuse("cannot be served: " + e.getMessage());
            }
            return false;
        }
    }

    private void serve(CsvTable fresh) {
        table = closed ? null : fresh;
        problem = "";
        LOG.debug(
                "{}: {} rows, {} features, {} bytes",
                config.path(),
                fresh.rows(),
                fresh.columns().size(),
                fresh.bytes());
        if (!fresh.notes().equals(notes)) { // said once, not at every reload
            notes = fresh.notes();
            notes.forEach(note -> LOG.warn("{}: {}", config.path(), note));
        }
    }

    private void refuse(String reason) {
        boolean again = reason.equals(problem);
        problem = reason;
        if (!again) {
            LOG.warn("{} {}{}", config.path(), reason, table == null ? "" : "; the rows read before are still served");
        }
    }

    private static void complain(Throwable failure) {
        LOG.debug("a CSV file could not be looked at", failure);
    }

    private String fileName() {
        return "file " + config.path().getFileName();
    }
}
