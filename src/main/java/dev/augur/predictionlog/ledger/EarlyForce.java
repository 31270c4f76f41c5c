package dev.augur.predictionlog.ledger;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces a segment now and then beside the writing, where not each group is forced. At the end of a segment everything
 * waits until all of it is on the disk, which is not long then. (Undone, that costs some 30 ms every 64 MiB.) Used on
 * one thread, forces on another; does not block.
 */
final class EarlyForce {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyForce.class);
    private static final long EVERY_BYTES = 4L << 20;

    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean failed = new AtomicBoolean();
    private long bytes; // since the last one began

    /** So much more is in the file. */
    void wrote(FileChannel file, long more) {
        bytes += more;
        if (bytes >= EVERY_BYTES && running.compareAndSet(false, true)) {
            bytes = 0;
            var thread = new Thread(() -> force(file), "augur-log-force");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Whether one has failed since this was asked last: the system may say so only once. */
    boolean failed() {
        return failed.getAndSet(false);
    }

    private void force(FileChannel file) {
        try {
            file.force(/* metaData= */ false);
        } catch (ClosedChannelException closed) {
            LOG.debug("the segment was forced when it was closed");
        } catch (IOException e) {
            LOG.error("prediction log: what was written cannot be forced to the disk: {}", e.toString());
            failed.set(true);
        } finally {
            running.set(false);
        }
    }
}
