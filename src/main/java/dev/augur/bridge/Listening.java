package dev.augur.bridge;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.time.Watch;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one client listens at. Who may not any more, because his key was revoked or his token has expired, is told so
 * within two seconds and gets nothing more. Confined to one event loop.
 */
final class Listening {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    private static final int MAX_LISTENED = 100;
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final BridgeSession.Bus bus;
    private final BiConsumer<String, Message<Object>> deliver;
    private final BiConsumer<String, Throwable> refuse;
    private final Map<String, Listened> listened = new HashMap<>();
    private final Set<Wish> wishes = new HashSet<>();
    private final Watch watch;
    private long wished;
    private boolean ended;

    /** By what he may, and what gives it to him. */
    private record Listened(String shown, MessageConsumer<Object> consumer) {}

    /** To listen, once it is known who asks; until then it can be taken back. */
    private record Wish(String address, long number) {}

    Listening(
            BridgeSession.Bus bus, BiConsumer<String, Message<Object>> deliver, BiConsumer<String, Throwable> refuse) {
        this.bus = bus;
        this.deliver = deliver;
        this.refuse = refuse;
        this.watch = new Watch(Vertx.currentContext(), LOOK, () -> !listened.isEmpty(), this::lookAgain);
    }

    /** Somebody who listens there already goes on by what he shows now. */
    void register(String address, String shown) {
        var wish = new Wish(address, wished++);
        wishes.add(wish);
        bus.gate()
                .known(Gate.Way.OUTBOUND, address, shown)
                .<Void>map(who -> {
                    if (wishes.contains(wish)) {
                        listen(address, shown);
                    }
                    return null;
                })
                .onComplete(over -> wishes.remove(wish))
                .onFailure(failure -> refuse.accept(address, failure));
    }

    private void listen(String address, String shown) {
        if (ended) {
            return;
        }
        var before = listened.get(address);
        if (before == null && listened.size() >= MAX_LISTENED) {
            throw new ServingException(
                    ErrorCode.OVERLOADED, "this connection listens at " + MAX_LISTENED + " addresses already");
        }
        MessageConsumer<Object> consumer = before != null
                ? before.consumer()
                : bus.vertx().eventBus().consumer(address, message -> deliver.accept(address, message));
        listened.put(address, new Listened(shown, consumer));
        watch.wake();
    }

    private void lookAgain() {
        Map.copyOf(listened).forEach((address, each) -> bus.gate()
                .known(Gate.Way.OUTBOUND, address, each.shown())
                .onFailure(failure -> lookAfter(address, each, failure)));
    }

    /** That it cannot be told just now takes nothing away. */
    private void lookAfter(String address, Listened each, Throwable failure) {
        boolean mayNot = failure instanceof ServingException serving
                && (serving.code() == ErrorCode.UNAUTHENTICATED || serving.code() == ErrorCode.PERMISSION_DENIED);
        if (mayNot && listened.remove(address, each)) {
            giveBack(each);
            refuse.accept(
                    address,
                    new ServingException(
                            ((ServingException) failure).code(),
                            "nothing of \"" + address + "\" comes any more: " + failure.getMessage()));
        }
    }

    void forget(String address) {
        wishes.removeIf(wish -> wish.address().equals(address));
        var each = listened.remove(address);
        if (each != null) {
            giveBack(each);
        }
    }

    /** The client has left. */
    void end() {
        ended = true;
        listened.values().forEach(Listening::giveBack);
        listened.clear();
    }

    private static void giveBack(Listened each) {
        each.consumer()
                .unregister()
                .onFailure(failure -> LOG.warn("bridge: an address could not be given back: {}", failure.toString()));
    }
}
