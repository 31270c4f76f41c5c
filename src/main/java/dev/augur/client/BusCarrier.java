package dev.augur.client;

import dev.augur.bus.Addresses;
import dev.augur.request.Headers;
import dev.augur.request.InferencePath;
import dev.augur.statement.HeardNodes;
import dev.augur.statement.NodeRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Requests as messages of the event bus. Thread-safe. */
final class BusCarrier implements Carrier {
    private static final String TIMEOUT = "timeout";
    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final @Nullable HeardNodes nodes; // none where there is no cluster

    BusCarrier(Vertx vertx) {
        this.vertx = vertx;
        this.nodes = vertx.isClustered() ? new HeardNodes(vertx) : null;
    }

    @Override
    public Future<Reply> ask(Ask ask, CallOptions options) {
        String address = ask.kind() == Kind.MODEL ? Addresses.model(ask.name()) : Addresses.pipeline(ask.name());
        var terms = new NodeRequest.Terms(
                options.timeout(), options.again(), options.cancelled(), left -> delivery(ask, options, left));
        var answer = new NodeRequest<Buffer>(vertx, nodes, address, ask.body(), terms)
                .answer()
                .map(BusCarrier::reply)
                .recover(failure -> Future.failedFuture(told(address, failure, options)));
        return Wait.first(vertx, options, answer);
    }

    @Override
    public Future<JsonObject> after(LogPosition position, String place, Future<?> left) {
        var asked =
                new JsonObject().put("seq", position.seq()).put("place", place).put("wait", WAIT.toMillis() + "ms");
        if (!position.writer().isEmpty()) {
            asked.put("writer", position.writer());
        }
        return vertx.eventBus()
                .<JsonObject>request(
                        Addresses.PREDICTIONS_AFTER,
                        asked,
                        new DeliveryOptions().setSendTimeout(WAIT_AT_MOST.toMillis()))
                .map(Message::body)
                .recover(failure -> Future.failedFuture(
                        told(Addresses.PREDICTIONS_AFTER, failure, CallOptions.within(WAIT_AT_MOST))));
    }

    /** The program's Vert.x is the program's. */
    @Override
    public Future<Void> close() {
        return nodes == null ? Future.succeededFuture() : nodes.close();
    }

    private static DeliveryOptions delivery(Ask ask, CallOptions options, Duration left) {
        var delivery = new DeliveryOptions().addHeader(TIMEOUT, left.toMillis() + "ms");
        add(delivery, Headers.REQUEST_ID, options.requestId());
        add(delivery, "traceparent", options.traceparent());
        add(delivery, Headers.PRINCIPAL, options.principal());
        add(delivery, "version", ask.version());
        if (ask.jsonLength() != null) {
            delivery.addHeader(InferencePath.JSON_LENGTH, String.valueOf(ask.jsonLength()));
        }
        return delivery;
    }

    private static void add(DeliveryOptions delivery, String name, @Nullable String value) {
        if (value != null) {
            delivery.addHeader(name, value);
        }
    }

    private static Reply reply(Message<Buffer> message) {
        return new Reply(message.body(), message.headers().get(InferencePath.JSON_LENGTH));
    }

    /** A failure of the bus, in the words of HTTP. */
    private static AugurException told(String address, Throwable failure, CallOptions options) {
        String text = String.valueOf(failure.getMessage());
        if (!(failure instanceof ReplyException reply)) {
            return new AugurException(AugurException.UNAVAILABLE, address + ": " + text, A_SECOND);
        }
        if (reply.failureCode() == AugurException.CANCELLED) {
            return Wait.left(); // as the node was told
        }
        return switch (reply.failureType()) {
            case RECIPIENT_FAILURE ->
                new AugurException(
                        reply.failureCode(), text, reply.failureCode() == AugurException.OVERLOADED ? A_SECOND : null);
            case TIMEOUT -> Wait.late(options.timeout());
            case NO_HANDLERS ->
                new AugurException(
                        AugurException.UNAVAILABLE,
                        "no node answers at " + address + ": it is loaded nowhere, or this program is not in the"
                                + " cluster of one that has it (src/docs/EVENT-BUS.md, Join a cluster)");
            case ERROR -> new AugurException(AugurException.UNAVAILABLE, address + ": " + text);
        };
    }
}
