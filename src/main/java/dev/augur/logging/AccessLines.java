package dev.augur.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Writes the access log: lines wait in a bounded queue for a thread of their own, since who reads standard error may be
 * slow. Thread-safe.
 */
public final class AccessLines {
    private static final String NAME = "access";
    private static final String QUEUE = "access-queue";

    private final Logger log;
    private final AsyncAppender queue;

    private AccessLines(Logger log, AsyncAppender queue) {
        this.log = log;
        this.queue = queue;
    }

    /**
     * Those of this process.
     *
     * @throws IllegalStateException where somebody embeds Augur with a logback.xml without the appender
     *     {@code access-queue} at the logger {@code access}, or with another library for logs
     */
    public static AccessLines open() {
        if (LoggerFactory.getLogger(NAME) instanceof Logger log
                && log.getAppender(QUEUE) instanceof AsyncAppender queue) {
            return new AccessLines(log, queue);
        }
        throw new IllegalStateException("http.access-log needs Logback with the appender \"" + QUEUE
                + "\" at the logger \"" + NAME + "\", as in the logback.xml of Augur");
    }

    /** Writes a line; false, if there was no room for it. */
    public boolean write(String message, List<Field> fields) {
        if (queue.getRemainingCapacity() == 0) {
            return false;
        }
        var event = log.atInfo();
        for (Field field : fields) {
            if (field.value() != null) {
                event = event.addKeyValue(field.name(), field.value());
            }
        }
        event.log(message);
        return true;
    }
}
