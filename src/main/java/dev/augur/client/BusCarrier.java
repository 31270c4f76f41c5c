package dev.augur.client;

import dev.augur.bus.Addresses;
import dev.augur.request.Headers;
import dev.augur.request.InferencePath;
import dev.augur.statement.HeardNodes;
import dev.augur.statement.NodeCall;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Requests as messages of the event bus. A caller that leaves is not seen there. Thread-safe. */
final class BusCarrier implements Carrier, BusCall.Sending {
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
        return Wait.first(vertx, options, BusCall.answer(vertx, this, ask, options));
    }

    @Override
    public Optional<NodeCall> choose(Ask ask, String tried) {
        return nodes == null ? Optional.empty() : nodes.begin(node -> BusCall.serves(node, ask), tried);
    }

    @Override
    public Future<Reply> send(Ask ask, @Nullable NodeCall node, CallOptions options) {
        String address = BusCall.address(ask);
        var delivery = delivery(ask, options);
        var answered = node == null
                ? vertx.eventBus().<Buffer>request(address, ask.body(), delivery)
                : vertx.eventBus()
                        .<Buffer>request(node.address(), ask.body(), delivery.addHeader(Addresses.ASKED, address))
                        .onComplete(over -> node.end());
        return answered.map(BusCarrier::reply).recover(failure -> Future.failedFuture(told(address, failure, options)));
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

    private static DeliveryOptions delivery(Ask ask, CallOptions options) {
        long millis = options.timeout().toMillis();
        var delivery = new DeliveryOptions().setSendTimeout(millis).addHeader(TIMEOUT, millis + "ms");
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
