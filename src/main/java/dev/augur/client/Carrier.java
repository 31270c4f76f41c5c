package dev.augur.client;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How requests get to a node and answers back. Thread-safe. */
interface Carrier {
    /** Fails with {@link AugurException}, whatever happens. */
    Future<Reply> ask(Ask ask, CallOptions options);

    /** Follows the prediction log, as {@link AugurClient#subscribe} says. */
    Subscription subscribe(LogPosition from, Function<JsonObject, Future<?>> handler);

    Future<Void> close();

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
