package dev.augur.statement;

import dev.augur.bus.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request of a model or pipeline over the event bus: of a node that is chosen, and once more of another one when
 * that is lost, refuses with 503, or takes longer than the caller's pause. The first answer counts. Where no node is
 * known it goes to whoever has the address. Thread-safe.
 */
public final class NodeRequest<T> {
    private static final int UNAVAILABLE = 503;
    private static final String VERSION = "version";
    private static final String TIMEOUT = "timeout";

    private final Vertx vertx;
    private final @Nullable HeardNodes nodes;
    private final String address;
    private final @Nullable Object body;
    private final Terms terms;
    private final @Nullable String version;
    private final @Nullable String call; // where its caller may leave
    private final long begun = System.nanoTime();
    private final Promise<Message<T>> answer = Promise.promise(); // two sources, of which one is no step of a chain
    private final AtomicBoolean again = new AtomicBoolean();
    private final @Nullable NodeCall node;
    private final Future<Message<T>> first;

    /**
     * What holds for one request.
     *
     * @param timeout how long both tries may take together
     * @param pause after which another node is asked, too; {@code null} for never
     * @param cancelled completes when nobody waits any more; {@code null} for one that waits
     * @param delivery how it is sent with so much time left
     */
    public record Terms(
            Duration timeout,
            @Nullable Duration pause,
            @Nullable Future<?> cancelled,
            Function<Duration, DeliveryOptions> delivery) {}

    /**
     * One request.
     *
     * @param nodes {@code null} where there is no cluster
     * @param address of the model or the pipeline
     */
    public NodeRequest(Vertx vertx, @Nullable HeardNodes nodes, String address, @Nullable Object body, Terms terms) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.address = address;
        this.body = body;
        this.terms = terms;
        this.version = version(terms.delivery().apply(terms.timeout()));
        this.call = terms.cancelled() == null ? null : UUID.randomUUID().toString();
        this.node = choose("");
        this.first = send(node, terms.timeout());
    }

    /** Its answer. Fails as the bus does; where both tries fail, as the second did. */
    public Future<Message<T>> answer() {
        first.onSuccess(answer::tryComplete).onFailure(this::firstFailed);
        if (node != null) {
            var caller = vertx.getOrCreateContext(); // who gets the second answer there, too
            node.lost().onSuccess(lost -> caller.runOnContext(now -> askAgain()));
        }
        var pause = terms.pause();
        if (pause != null && pause.compareTo(terms.timeout()) < 0) {
            long timer = vertx.setTimer(pause.toMillis(), late -> askAgain());
            answer.future().onComplete(over -> vertx.cancelTimer(timer));
        }
        if (terms.cancelled() != null) {
            terms.cancelled().onComplete(left -> tellLeft());
        }
        return answer.future();
    }

    /** Wherever it is worked on: the run is stopped, or leaves its queue. */
    private void tellLeft() {
        if (!answer.future().isComplete()) {
            vertx.eventBus().publish(Addresses.LEFT, call);
        }
    }

    private @Nullable NodeCall choose(String tried) {
        return nodes == null
                ? null
                : nodes.begin(said -> said.answersAt(address, version), tried).orElse(null);
    }

    private static @Nullable String version(DeliveryOptions delivery) {
        var headers = delivery.getHeaders();
        return headers == null ? null : headers.get(VERSION);
    }

    private Future<Message<T>> send(@Nullable NodeCall to, Duration left) {
        var delivery = terms.delivery().apply(left).setSendTimeout(left.toMillis());
        var headers = delivery.getHeaders();
        if (headers != null) {
            headers.remove(Addresses.ASKED); // whoever sends it would be asked for something else than was allowed
            headers.remove(Addresses.CALL); // and could be told to leave by others
            if (headers.contains(TIMEOUT)) {
                headers.set(TIMEOUT, left.toMillis() + "ms");
            }
        }
        if (call != null) {
            delivery.addHeader(Addresses.CALL, call);
        }
        if (to == null) {
            return vertx.eventBus().request(address, body, delivery);
        }
        return vertx.eventBus()
                .<T>request(to.address(), body, delivery.addHeader(Addresses.ASKED, address))
                .onComplete(over -> to.end());
    }

    private void firstFailed(Throwable failure) {
        if (counts(failure)) {
            answer.tryFail(failure);
        } else if (again.compareAndSet(false, true)) {
            var other = choose(node == null ? "" : node.node());
            if (other != null || terms.pause() != null || (node != null && isGone(failure))) {
                second(other, failure);
            } else {
                answer.tryFail(failure);
            }
        } // else the second decides
    }

    private void askAgain() {
        if (!first.isComplete() && !answer.future().isComplete() && again.compareAndSet(false, true)) {
            second(choose(node == null ? "" : node.node()), /* before= */ null);
        }
    }

    private void second(@Nullable NodeCall other, @Nullable Throwable before) {
        var gone = terms.cancelled();
        var left = terms.timeout().minusNanos(System.nanoTime() - begun);
        if (left.toMillis() < 1 || (gone != null && gone.isComplete())) {
            if (other != null) {
                other.end();
            }
            if (before != null) {
                answer.tryFail(before);
            } // else the first is near its own end
            return;
        }
        send(other, left).onSuccess(answer::tryComplete).onFailure(failure -> {
            if (counts(failure) || (node != null && node.lost().isComplete())) {
                answer.tryFail(failure);
            } else {
                first.onFailure(both -> answer.tryFail(failure));
            }
        });
    }

    /** Whether another node would say the same. */
    private static boolean counts(Throwable failure) {
        return !isGone(failure) && !(failure instanceof ReplyException reply && reply.failureCode() == UNAVAILABLE);
    }

    /** Whether nobody was there who could answer; also a node whose time passed, which is seen by what is left. */
    private static boolean isGone(Throwable failure) {
        return failure instanceof ReplyException reply
                && (reply.failureType() == ReplyFailure.NO_HANDLERS || reply.failureType() == ReplyFailure.TIMEOUT);
    }
}
