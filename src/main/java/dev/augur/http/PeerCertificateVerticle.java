package dev.augur.http;

import dev.augur.error.Repeated;
import dev.augur.metrics.TlsMeters;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the files of {@code cluster.tls} for requests between nodes: new connections have what is new, those that are
 * open stay. What other nodes would refuse leaves what was there before. Confined to one event loop.
 */
public final class PeerCertificateVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(PeerCertificateVerticle.class);
    private static final long LOOK_MILLIS = 1_000;

    private final PeerTls files;
    private final String host;
    private final Function<PeerCertificate, Future<?>> exchange;
    private final TlsMeters meters;
    private String stamp = ""; // of what is shown; on the worker
    private long faults;

    /**
     * Of one node.
     *
     * @param host this node's address for the others
     * @param exchange has a certificate shown from then on
     */
    public PeerCertificateVerticle(
            PeerTls files, String host, Function<PeerCertificate, Future<?>> exchange, TlsMeters meters) {
        this.files = files;
        this.host = host;
        this.exchange = exchange;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        var workers = new WorkerPool(vertx, "augur-peer-tls", /* workers= */ 1, /* queue= */ 1);
        vertx.setPeriodic(LOOK_MILLIS, tick -> look(workers).onFailure(this::tell));
        return look(workers); // the files may have changed since the ports read them
    }

    private Future<?> look(WorkerPool workers) {
        return workers.run(this::changed)
                .compose(found -> found == null ? Future.succeededFuture() : exchange.apply(found))
                .onSuccess(same -> faults = 0);
    }

    private @Nullable PeerCertificate changed() throws IOException {
        String now = FileStamp.of(List.of(files.certificate(), files.key(), files.authority()));
        if (now.equals(stamp)) {
            return null;
        }
        var read = PeerCertificate.read(files, host);
        if (!stamp.isEmpty()) {
            LOG.info(
                    "cluster.tls: the certificate was read again for requests between nodes, and holds until {};"
                            + " the event bus has the one before until this node is started again",
                    read.ends());
        }
        stamp = now;
        return read;
    }

    /** A certificate and its key may be put in place one after the other: what is wrong twice is told. */
    private void tell(Throwable failure) {
        meters.clusterFailed();
        if (Repeated.tells(faults++)) {
            LOG.error("{}; the certificate that was there before stays", failure.getMessage());
        }
    }
}
