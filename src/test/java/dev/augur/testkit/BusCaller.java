package dev.augur.testkit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import java.util.Map;
import org.assertj.core.api.Assertions;

/** Asks addresses of the event bus, as other Vert.x code does. */
public final class BusCaller {
    private static final long TIMEOUT_MILLIS = 20_000;

    private final Vertx vertx;

    public BusCaller(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The body of the answer. */
    public Object ask(String address, Object body) throws Exception {
        return ask(address, body, Map.of());
    }

    /** The body of the answer to a message with headers. */
    public Object ask(String address, Object body, Map<String, String> headers) throws Exception {
        return TestServer.await(request(address, body, headers)).body();
    }

    /** Asks, and does not wait. */
    public Future<Message<Object>> request(String address, Object body, Map<String, String> headers) {
        var options = new DeliveryOptions().setSendTimeout(TIMEOUT_MILLIS);
        headers.forEach(options::addHeader);
        return vertx.eventBus().request(address, body, options);
    }

    /** Why there is no answer. */
    public ReplyException failure(String address, Object body, Map<String, String> headers) {
        var failure = Assertions.catchThrowable(() -> ask(address, body, headers));
        Assertions.assertThat(failure).hasCauseInstanceOf(ReplyException.class);
        return (ReplyException) failure.getCause();
    }

    /** Why there is no answer, as {@code code text}. */
    public String refusal(String address, Object body, Map<String, String> headers) {
        var failure = failure(address, body, headers);
        return failure.failureCode() + " " + failure.getMessage();
    }
}
