package dev.augur.predictionlog;

import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether records wait because nobody takes them, since when and why; says in the log when that begins and when they go
 * again. Thread-safe.
 */
final class Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);
    /** A log node that is restarted, or a slow disk, is away for less. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private volatile @Nullable String reason;

    /** A try failed. */
    synchronized void refused(Duration age, Throwable failure) {
        if (reason != null) {
            reason = words(failure);
        } else if (age.compareTo(PATIENCE) >= 0) {
            reason = words(failure);
            LOG.warn("prediction log: records wait, {}", withCause(failure));
        }
    }

    /** A group was acknowledged. */
    void taken(Duration age) {
        if (reason != null) {
            told(age);
        }
    }

    private synchronized void told(Duration age) {
        if (reason != null) {
            reason = null;
            LOG.info("prediction log: records go again after {} s", age.toSeconds());
        }
    }

    /** Why records wait; empty while they go. */
    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    private static String withCause(Throwable failure) {
        String words = words(failure);
        String cause = String.valueOf(failure.getMessage());
        return words.endsWith(cause) ? words : words + ": " + cause;
    }

    private static String words(Throwable failure) {
        if (!(failure instanceof ReplyException reply)) {
            return "the prediction log cannot be reached";
        }
        return switch (reply.failureType()) {
            case NO_HANDLERS -> "no node with the role log can be reached";
            case TIMEOUT -> "the prediction log does not acknowledge in time";
            default -> "the prediction log refuses records: " + reply.getMessage();
        };
    }
}
