package dev.augur.demo;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tutorial's store as blocking code reads it: the thread that asks can do nothing else meanwhile. Called on a
 * worker thread.
 */
public class BlockingMetadata {
    /** The only feature of the tutorial's items. */
    public static final String NAME = "metadata";
    /** Its value where the fetch blocks. */
    public static final String VALUE = "some_fetched_value";
    /** Its value where the fetch does not block. */
    public static final String VALUE_ASYNC = "some_fetched_value_async";

    private static final Logger LOG = LoggerFactory.getLogger(BlockingMetadata.class);

    private final Duration delay;

    /**
     * A store that answers after a while.
     *
     * @param delay how long a fetch takes; zero is allowed
     */
    public BlockingMetadata(Duration delay) {
        this.delay = delay;
    }

    /** Blocks for the delay; the same value for every item. */
    public String fetch(long itemId) throws InterruptedException {
        LOG.info("fetching metadata for item {}", itemId);
        Thread.sleep(delay.toMillis());
        LOG.info("fetched metadata for item {}", itemId);
        return VALUE;
    }
}
