package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.logview.SequelRequest;
import dev.augur.logview.Sequels;
import dev.augur.predictionlog.reading.Sequel;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code GET /predictions/after}: what a writer has stored behind a line, or the next that it stores. A client that
 * waits is answered before its time has passed, and at once when the node stops. Confined to one event loop.
 */
final class SequelHandler implements Handler<RoutingContext> {
    private static final Set<String> NUMBERS = Set.of("seq", "limit");

    private final Sequels sequels;
    private final Duration longestWait;
    private final Map<RoutingContext, SequelRequest> waiting = new LinkedHashMap<>();

    /**
     * That of one router.
     *
     * @param requestTimeout longest time to an answer
     */
    SequelHandler(Sequels sequels, Duration requestTimeout) {
        this.sequels = sequels;
        this.longestWait = requestTimeout.dividedBy(2);
    }

    @Override
    public void handle(RoutingContext ctx) {
        ctx.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store"); // the same question has another answer soon
        var question = question(ctx.queryParams());
        var asked = SequelRequest.of(question, question.containsKey("writer") ? "" : sequels.ownWriter())
                .within(longestWait);
        var gone = Exchange.of(ctx).gone();
        waiting.put(ctx, asked);
        gone.onComplete(over -> waiting.remove(ctx));
        sequels.after(asked, gone)
                .onSuccess(piece -> Exchange.answer(ctx, piece))
                .onFailure(ctx::fail);
    }

    /** Answers those who wait, with nothing. */
    void endAll() {
        Map.copyOf(waiting).forEach((ctx, asked) -> Exchange.answer(ctx, new Sequel(List.of(), asked.from()).text()));
    }

    /** The parameters in the form of the event bus; what should be a number and is none is refused there. */
    private static JsonObject question(MultiMap parameters) {
        var question = new JsonObject();
        for (String name : parameters.names()) {
            var values = parameters.getAll(name);
            if (values.size() > 1) {
                throw new ServingException(ErrorCode.INVALID_ARGUMENT, name + " is given " + values.size() + " times");
            }
            String text = values.get(0);
            question.put(name, NUMBERS.contains(name) ? number(text) : text);
        }
        return question;
    }

    private static Object number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }
}
