package dev.augur.client;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How requests get to a node and answers back. Thread-safe. */
interface Carrier {
    /** Fails with {@link AugurException}, whatever happens. */
    Future<Reply> ask(Ask ask, CallOptions options);

    /**
     * The next piece of the prediction log, {@code {"writer": …, "seq": …, "place": …, "records": […]}}, or after
     * {@link #WAIT} one without records. Fails with {@link AugurException}, whatever happens.
     *
     * @param place that of the piece before; empty for none
     * @param left completes when nobody waits for the answer any more
     */
    Future<JsonObject> after(LogPosition position, String place, Future<?> left);

    Future<Void> close();

    /** How long a node waits for a record. */
    Duration WAIT = Duration.ofSeconds(10);

    /** How long the answer may take then. */
    Duration WAIT_AT_MOST = Duration.ofSeconds(20);

    /** What is asked for. */
    enum Kind {
        MODEL,
        PIPELINE
    }

    /**
     * A request.
     *
     * @param name of the model or pipeline
     * @param version of the model; {@code null} leaves the choice to the server
     * @param jsonLength how many bytes of the body are JSON; {@code null} if all are
     */
    record Ask(Kind kind, String name, @Nullable String version, Buffer body, @Nullable Integer jsonLength) {}

    /**
     * An answer.
     *
     * @param jsonLength as it is told; {@code null} if all is JSON
     */
    record Reply(Buffer body, @Nullable String jsonLength) {}
}
