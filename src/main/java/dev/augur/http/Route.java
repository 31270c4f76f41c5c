package dev.augur.http;

import dev.augur.request.Caller;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A route of one's own beside those of Augur: reads a request, answers it, writes the answer as JSON. It is treated as
 * the others are. Its body is bounded by {@code http.max-body} and counts among those of the node; its answer has
 * {@code http.request-timeout}; what it throws or fails with becomes an answer, a
 * {@link dev.augur.error.ServingException} by its code and anything else 500 with its text hidden; HEAD, OPTIONS and
 * other methods are answered; its requests are counted under its path. None of its methods may block. One instance
 * serves every event loop: implementations are thread-safe.
 *
 * @param <Q> a request that has been read
 * @param <A> an answer that is not yet written
 */
public interface Route<Q, A> {
    /** GET, which serves HEAD as well, or a method whose requests have a body. */
    HttpMethod method();

    /**
     * Begins with {@code /}; a part of it may be a parameter, as in {@code /items/:item_id}. None that a route of Augur
     * takes.
     */
    String path();

    /** Reads a request, a large one on a worker. Throws {@code INVALID_ARGUMENT} for what it does not take. */
    Q decode(IncomingRequest request);

    /** Answers a request; called on its event loop, to which the future may complete on any thread. */
    Future<A> answer(Q request, Caller caller);

    /** Writes the JSON of an answer. */
    Buffer encode(A answer);

    /**
     * What {@code /openapi.json} and {@code /docs} tell of it: members of an Operation Object of OpenAPI 3.1, such as
     * {@code summary}, {@code tags}, {@code parameters}, {@code requestBody} and {@code responses}. What is left out is
     * told as it is for any route: parameters of the path as texts, a body for methods that have one, an answer in
     * JSON, and the errors. Asked for at the start.
     */
    default JsonObject operation() {
        return new JsonObject();
    }

    /**
     * The model under whose name the prediction log has a record of each request, also of those that cannot be read:
     * its route, its outcome and its times. Who has more to tell takes the record over with {@link Caller#leaveRecord}.
     * Empty for a route that is not recorded.
     */
    default Optional<String> recordedAs() {
        return Optional.empty();
    }

    /**
     * Whether its requests are for predictions: the console shows them, and their answers say what each stage took. As
     * it is, those that are recorded.
     */
    default boolean predicts() {
        return recordedAs().isPresent();
    }
}
