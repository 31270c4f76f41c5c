package dev.augur.client;

import io.vertx.core.VertxException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that was not answered, with the status of HTTP that says why and the server's text. Has no stack trace.
 * Thread-safe.
 */
public final class AugurException extends VertxException {
    /** Too much to do: try again later. */
    public static final int OVERLOADED = 429;
    /** Its caller left. */
    public static final int CANCELLED = 499;
    /** No node that is ready could be asked. */
    public static final int UNAVAILABLE = 503;
    /** Its time had passed. */
    public static final int TOO_LATE = 504;

    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable Duration retryAfter;

    AugurException(int status, String message, @Nullable Duration retryAfter) {
        super(message, /* noStackTrace= */ true);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    AugurException(int status, String message) {
        this(status, message, /* retryAfter= */ null);
    }

    /** What HTTP answers, or would: 404 for a model that is not there, 429 where there is too much to do. */
    public int status() {
        return status;
    }

    /**
     * After which time the same request may succeed; empty where somebody has to mend something first, and over the
     * event bus for 503, which does not say.
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
