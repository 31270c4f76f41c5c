package dev.augur.client;

import dev.augur.bus.Addresses;
import dev.augur.client.Carrier.Ask;
import dev.augur.client.Carrier.Kind;
import dev.augur.client.Carrier.Reply;
import dev.augur.statement.NodeCall;
import dev.augur.statement.NodeStatement;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One question over the event bus. It is asked a second time, of another node where there is one, when the first node
 * is lost, refuses with 503, or takes longer than the caller's pause: the first answer counts. Thread-safe.
 */
final class BusCall {
    /** What a question needs of its carrier. */
    interface Sending {
        /** A node for it, other than that; empty where none is known. */
        Optional<NodeCall> choose(Ask ask, String tried);

        /** The answer of that node, or of whoever has the address. Fails with {@link AugurException}. */
        Future<Reply> send(Ask ask, @Nullable NodeCall node, CallOptions options);
    }

    private final Sending sending;
    private final Ask ask;
    private final CallOptions options;
    private final long begun = System.nanoTime();
    private final Promise<Reply> answer = Promise.promise(); // two sources, of which one is no step of a chain
    private final AtomicBoolean again = new AtomicBoolean();
    private final @Nullable NodeCall node;
    private final Future<Reply> first;

    private BusCall(Sending sending, Ask ask, CallOptions options) {
        this.sending = sending;
        this.ask = ask;
        this.options = options;
        this.node = sending.choose(ask, "").orElse(null);
        this.first = sending.send(ask, node, options);
    }

    /** Asks, and gives the answer of either; where both fail it is the failure of the second. */
    static Future<Reply> answer(Vertx vertx, Sending sending, Ask ask, CallOptions options) {
        var call = new BusCall(sending, ask, options);
        call.first.onSuccess(call.answer::tryComplete).onFailure(call::firstFailed);
        if (call.node != null) {
            call.node.lost().onSuccess(lost -> call.askAgain());
        }
        var pause = options.again();
        if (pause != null && pause.compareTo(options.timeout()) < 0) {
            long timer = vertx.setTimer(pause.toMillis(), late -> call.askAgain());
            call.answer.future().onComplete(over -> vertx.cancelTimer(timer));
        }
        return call.answer.future();
    }

    private void firstFailed(Throwable failure) {
        if (counts(failure)) {
            answer.tryFail(failure);
        } else if (again.compareAndSet(false, true)) {
            var other = elsewhere();
            if (other != null || options.again() != null) {
                second(other);
            } else {
                answer.tryFail(failure);
            }
        } // else the second decides
    }

    private void askAgain() {
        if (!first.isComplete() && !answer.future().isComplete() && again.compareAndSet(false, true)) {
            second(elsewhere());
        }
    }

    private @Nullable NodeCall elsewhere() {
        return sending.choose(ask, node == null ? "" : node.node()).orElse(null);
    }

    private void second(@Nullable NodeCall other) {
        var gone = options.cancelled();
        var left = options.timeout().minusNanos(System.nanoTime() - begun);
        if (left.toMillis() < 1 || (gone != null && gone.isComplete())) {
            if (other != null) {
                other.end();
            }
            answer.tryFail(left.toMillis() < 1 ? Wait.late(options.timeout()) : Wait.left());
            return;
        }
        sending.send(ask, other, options.leaving(left))
                .onSuccess(answer::tryComplete)
                .onFailure(failure -> {
                    if (counts(failure) || (node != null && node.lost().isComplete())) {
                        answer.tryFail(failure);
                    } else {
                        first.onFailure(both -> answer.tryFail(failure));
                    }
                });
    }

    /** Whether another node would say the same. */
    private static boolean counts(Throwable failure) {
        return ((AugurException) failure).status() != AugurException.UNAVAILABLE;
    }

    /** Whether a node has what is asked. */
    static boolean serves(NodeStatement node, Ask ask) {
        if (ask.kind() == Kind.PIPELINE) {
            return node.pipelines().stream()
                    .anyMatch(pipeline -> pipeline.ready() && pipeline.name().equals(ask.name()));
        }
        String version = ask.version();
        return node.models().stream()
                .anyMatch(model -> model.ready()
                        && model.name().equals(ask.name())
                        && (version == null || version.equals(model.version())));
    }

    /** The public address of what is asked. */
    static String address(Ask ask) {
        return ask.kind() == Kind.MODEL ? Addresses.model(ask.name()) : Addresses.pipeline(ask.name());
    }
}
