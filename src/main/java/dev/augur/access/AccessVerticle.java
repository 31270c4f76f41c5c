package dev.augur.access;

import dev.augur.error.ErrorCode;
import dev.augur.error.Repeated;
import dev.augur.error.ServingException;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the keys and checks the tokens of those who ask. Files that change are read again within a second or two; one
 * that cannot be read then leaves what was known before. Confined to one event loop, but for {@link #identify}, which
 * is thread-safe.
 */
public final class AccessVerticle extends VerticleBase implements Doorkeeper {
    private static final Logger LOG = LoggerFactory.getLogger(AccessVerticle.class);
    private static final long LOOK_MILLIS = 1_000;
    private static final int WORKERS = 2;
    private static final int QUEUE = 1_000;

    private final AccessConfig config;
    private final @Nullable KeyFile file;
    private volatile Keys keys = Keys.NONE;
    private @Nullable FileTime read; // guarded by this
    private @Nullable TokenCheck tokens;
    private @Nullable WorkerPool pool;
    private long faults;

    public AccessVerticle(AccessConfig config) {
        this.config = config;
        this.file = config.keys().map(KeyFile::new).orElse(null);
    }

    @Override
    public Future<?> start() {
        var workers = new WorkerPool(vertx, "augur-access", WORKERS, QUEUE);
        pool = workers;
        tokens = config.tokens().map(how -> new TokenCheck(vertx, how)).orElse(null);
        return workers.perform(this::readFiles)
                .compose(done -> workers.perform(this::readTokenKeys).recover(this::note))
                .onSuccess(done -> vertx.setPeriodic(
                        LOOK_MILLIS, tick -> workers.perform(this::look).onFailure(this::tell)));
    }

    @Override
    public Future<Principal> identify(String shown) {
        var check = tokens;
        var workers = pool;
        if (check == null || workers == null || shown.indexOf('.') < 0) {
            var holder = keys.holder(shown, Instant.now());
            return holder == null ? Future.failedFuture(unknown()) : Future.succeededFuture(holder);
        }
        var remembered = check.remembered(shown);
        return remembered == null
                ? workers.run(Promise.promise().future(), () -> check.principal(shown))
                : Future.succeededFuture(remembered);
    }

    @Override
    public Optional<Principal> certified(String name) {
        return config.certified().map(grants -> new Principal(name, grants));
    }

    private static ServingException unknown() {
        return new ServingException(ErrorCode.UNAUTHENTICATED, "the key is not known, or has expired");
    }

    /** At the start a file has to be there and right. */
    private void readFiles() throws IOException {
        readKeys();
        if (tokens != null && config.tokens().orElseThrow().source().file() != null) {
            tokens.refresh();
        }
    }

    /** An issuer that does not answer keeps no server from starting. */
    private void readTokenKeys() throws IOException {
        if (tokens != null) {
            tokens.refresh();
        }
    }

    private void look() throws IOException {
        readKeys();
        readTokenKeys();
    }

    private synchronized void readKeys() throws IOException {
        if (file == null) {
            return;
        }
        try {
            var changed = Files.getLastModifiedTime(file.path());
            if (!changed.equals(read)) {
                var now = new Keys(file.read());
                keys = now;
                read = changed;
                LOG.info("access: {} keys in {}", now.count(), file.path());
            }
        } catch (NoSuchFileException e) {
            throw new IOException(
                    file.path() + " (access.keys) is not there; ./run.sh key create makes it with a first key", e);
        }
    }

    private Future<Void> note(Throwable failure) {
        tell(failure);
        return Future.succeededFuture();
    }

    private void tell(Throwable failure) {
        faults++;
        if (Repeated.tells(faults)) {
            LOG.error("access: {}; what was known before holds", failure.getMessage());
        }
    }
}
