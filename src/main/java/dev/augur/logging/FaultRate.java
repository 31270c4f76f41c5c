package dev.augur.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Of the exceptions that Vert.x has nobody to tell of, so many a second are written. With a connection of the event bus
 * it reports one for each message that is lost, thousands in a row, and to write their traces would hold an event loop
 * for seconds. How many were left out is told with the next one. Thread-safe.
 */
public final class FaultRate extends TurboFilter {
    private static final String REPORTED_BY = "io.vertx.core.impl.ContextImpl";
    private static final int MOST_IN_A_SECOND = 10;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long since = System.nanoTime();
    private int written;
    private long leftOut;

    /** The filter that {@code logback.xml} names. */
    public FaultRate() {}

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        if (thrown == null || !logger.getName().equals(REPORTED_BY)) {
            return FilterReply.NEUTRAL;
        }
        long before;
        synchronized (this) {
            if (System.nanoTime() - since >= SECOND_NANOS) {
                since = System.nanoTime();
                written = 0;
            }
            if (written >= MOST_IN_A_SECOND) {
                leftOut++;
                return FilterReply.DENY;
            }
            written++;
            before = leftOut;
            leftOut = 0;
        }
        if (before > 0) {
            LoggerFactory.getLogger(FaultRate.class).error("{} unhandled exceptions before were not written", before);
        }
        return FilterReply.NEUTRAL;
    }
}
