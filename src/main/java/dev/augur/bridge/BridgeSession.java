package dev.augur.bridge;

import dev.augur.access.Principal;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.metrics.BridgeMeters;
import dev.augur.request.Headers;
import dev.augur.request.HttpStatus;
import dev.augur.statement.HeardNodes;
import dev.augur.statement.NodeRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client on the event bus: what it sends, what it listens at, and what comes back, in the JSON of Vert.x's bridges.
 * Confined to one event loop.
 */
final class BridgeSession {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeSession.class);
    private static final int MAX_ADDRESS = 200;
    private static final int MAX_UNREAD = 100;
    private static final long LONGEST_MILLIS = 600_000;
    /** Names of headers that never get onto the bus. */
    private static final Set<String> SECRETS = Set.of("authorization", "x-api-key", Headers.PRINCIPAL);

    private final Bus bus;
    private final Wire wire;
    private final Listening listening;
    private final Set<Promise<Void>> asked = new HashSet<>(); // completed when the client leaves before the answer
    private int unread;
    private boolean closed;

    /**
     * What all sessions share.
     *
     * @param nodes {@code null} where there is no cluster
     */
    record Bus(Vertx vertx, @Nullable HeardNodes nodes, BridgeConfig.Limits limits, Gate gate, BridgeMeters meters) {}

    BridgeSession(Bus bus, Wire wire) {
        this.bus = bus;
        this.wire = wire;
        this.listening = new Listening(bus, this::deliver, this::refuse);
    }

    /** The client has left. */
    void end() {
        closed = true;
        listening.end();
        List.copyOf(asked).forEach(Promise::tryComplete);
    }

    void receive(Buffer text) {
        if (closed) { // others may have come with the one that ended it
            return;
        }
        JsonObject message;
        try {
            message = new JsonObject(text);
        } catch (DecodeException | ClassCastException e) {
            refuse(null, invalid("a message must be a JSON object"));
            return;
        }
        String answerTo = null;
        try {
            answerTo = text(message, "replyAddress");
            take(message, answerTo);
        } catch (ServingException e) {
            refuse(answerTo, e);
        }
    }

    private void take(JsonObject message, @Nullable String answerTo) {
        String type = String.valueOf(text(message, "type"));
        if (type.equals("ping")) {
            if (wire.answersPings()) {
                tell(new JsonObject().put("type", "pong"));
            }
            return;
        }
        String address = text(message, "address");
        if (address == null || address.isEmpty() || address.length() > MAX_ADDRESS) {
            throw invalid("\"address\" must be a text of 1 to " + MAX_ADDRESS + " characters");
        }
        switch (type) {
            case "send" -> act(message, address, answerTo, who -> send(message, address, answerTo, who));
            case "publish" -> act(message, address, answerTo, who -> publish(message, address, who));
            case "register" -> listening.register(address, shown(message));
            case "unregister" -> listening.forget(address);
            default -> throw invalid("\"type\" must be send, publish, register, unregister or ping");
        }
    }

    /** Does it for somebody who may; else, or if it cannot be done, tells {@code answerTo}. */
    private void act(JsonObject message, String address, @Nullable String answerTo, Consumer<Principal> action) {
        known(message, address)
                .<Void>map(who -> {
                    action.accept(who);
                    return null;
                })
                .onFailure(failure -> refuse(answerTo, failure));
    }

    /** Who that is, if he may; fails otherwise. */
    private Future<Principal> known(JsonObject message, String address) {
        return bus.gate().known(Gate.Way.INBOUND, address, shown(message));
    }

    /** The key or token of this message, else that of the connection. */
    private String shown(JsonObject message) {
        var headers = headers(message);
        for (var header : headers) {
            String name = header.getKey();
            String value = String.valueOf(header.getValue()).trim();
            if (name.equalsIgnoreCase("X-API-Key")) {
                return value;
            }
            if (name.equalsIgnoreCase("Authorization") && value.regionMatches(true, 0, "Bearer ", 0, 7)) {
                return value.substring(7).trim();
            }
        }
        return wire.shown();
    }

    private void send(JsonObject message, String address, @Nullable String answerTo, Principal who) {
        if (answerTo == null) {
            bus.vertx().eventBus().send(address, message.getValue("body"), options(message, who));
            bus.meters().message("sent");
            return;
        }
        if (asked.size() >= bus.limits().inFlight() || wire.isFull()) {
            throw new ServingException(
                    ErrorCode.OVERLOADED,
                    wire.isFull()
                            ? "this connection does not read its answers"
                            : asked.size() + " requests of this connection are in flight already");
        }
        Promise<Void> left = Promise.promise(); // by the connection, in which no future is
        var reply = request(message, address, who, left.future());
        asked.add(left);
        reply.onComplete(over -> asked.remove(left))
                .onSuccess(answer -> write(answerTo, answer))
                .onFailure(failure -> refuse(answerTo, failure));
    }

    /** What is for models and pipelines goes to a node that is chosen. */
    private Future<Message<Object>> request(JsonObject message, String address, Principal who, Future<Void> left) {
        var options = options(message, who);
        var body = message.getValue("body");
        if (!address.startsWith(Gate.MODELS) && !address.startsWith(Gate.PIPELINES)) {
            return bus.vertx().eventBus().request(address, body, options);
        }
        var terms = new NodeRequest.Terms(
                Duration.ofMillis(options.getSendTimeout()), /* pause= */ null, left, time -> options(message, who));
        return new NodeRequest<>(bus.vertx(), bus.nodes(), address, body, terms).answer();
    }

    private void publish(JsonObject message, String address, Principal who) {
        bus.vertx().eventBus().publish(address, message.getValue("body"), options(message, who));
        bus.meters().message("sent");
    }

    /** The client's own headers, without what is secret, and who it is. */
    private static DeliveryOptions options(JsonObject message, Principal who) {
        var options = new DeliveryOptions();
        for (var header : headers(message)) {
            if (!SECRETS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                options.addHeader(header.getKey(), String.valueOf(header.getValue()));
            }
            if (header.getKey().equals("timeout")) {
                long millis = Headers.time("timeout", String.valueOf(header.getValue()))
                        .toMillis();
                options.setSendTimeout(Math.max(1, Math.min(millis, LONGEST_MILLIS)));
            }
        }
        return who.name().isEmpty() ? options : options.addHeader(Headers.PRINCIPAL, who.name());
    }

    /** A client that does not read what it listens to would fill the memory. */
    private void deliver(String to, Message<Object> message) {
        if (closed) {
            return;
        }
        if (wire.isFull()) {
            cutOff("what comes from " + to);
            return;
        }
        write(to, message);
    }

    private void cutOff(String unread) {
        LOG.warn("bridge: a client that does not read {} was cut off", unread);
        bus.meters().message("too-slow");
        end();
        wire.cutOff();
    }

    /** What has no request in flight, which is bounded, behind it: a client that sends on, and reads none of it. */
    private void tell(JsonObject json) {
        unread = wire.isFull() ? unread + 1 : 0;
        if (unread > MAX_UNREAD) {
            cutOff("what it is told");
            return;
        }
        wire.write(json);
    }

    private void write(String to, Message<Object> message) {
        if (closed) {
            return;
        }
        var json = new JsonObject()
                .put("type", wire.messageType())
                .put("address", to)
                .put("body", message.body());
        if (!message.headers().isEmpty()) {
            var headers = new JsonObject();
            message.headers().forEach(headers::put);
            json.put("headers", headers);
        }
        wire.write(json);
        bus.meters().message("delivered");
    }

    private void refuse(@Nullable String to, Throwable failure) {
        if (closed) {
            return;
        }
        var json = new JsonObject().put("type", "err");
        if (failure instanceof ReplyException reply) {
            json.put("failureCode", reply.failureCode())
                    .put("failureType", reply.failureType().name())
                    .put("message", reply.getMessage());
        } else {
            var told = failure instanceof ServingException serving
                    ? serving
                    : failure instanceof IllegalArgumentException // of the bus: a value it cannot carry
                            ? invalid(String.valueOf(failure.getMessage()))
                            : HttpStatus.hidden();
            int status = HttpStatus.of(told.code());
            json.put("failureCode", status)
                    .put("failureType", "RECIPIENT_FAILURE")
                    .put("message", told.getMessage());
            if (told.code() == ErrorCode.PERMISSION_DENIED) {
                json.put("body", "access_denied"); // as Vert.x's own bridges say
            } else if (told.code() == ErrorCode.UNAUTHENTICATED) {
                json.put("body", "not_logged_in");
            }
            if (told.code() == ErrorCode.INTERNAL) {
                LOG.error("bridge: a message failed", failure);
            }
        }
        if (to != null) {
            json.put("address", to);
        }
        bus.meters().message("refused");
        tell(json);
    }

    private static JsonObject headers(JsonObject message) {
        Object headers = message.getValue("headers");
        return headers instanceof JsonObject json ? json : new JsonObject();
    }

    private static @Nullable String text(JsonObject message, String field) {
        Object value = message.getValue(field);
        if (value != null && !(value instanceof String)) {
            throw invalid("\"" + field + "\" must be a text");
        }
        return (String) value;
    }

    private static ServingException invalid(String message) {
        return new ServingException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
