package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.recording.InferenceTrace;
import dev.augur.request.BodyMemory;
import dev.augur.request.Caller;
import dev.augur.request.HttpStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.Message;
import org.jspecify.annotations.Nullable;

/** One message, from its arrival to its answer. Confined to one event loop. */
final class BusRequest {
    private final Message<Object> message;
    private final boolean protocol;
    private final @Nullable InferenceTrace trace;
    private final BodyMemory.Share memory;
    private final long startNanos = System.nanoTime();
    private final Promise<Integer> gone = Promise.promise(); // a message has no life of its own that could be watched

    /**
     * A request that arrives now.
     *
     * @param protocol whether it is one of the Open Inference Protocol
     * @param trace what is to be recorded of it; {@code null} if nothing is
     */
    BusRequest(Message<Object> message, boolean protocol, @Nullable InferenceTrace trace, BodyMemory.Share memory) {
        this.message = message;
        this.protocol = protocol;
        this.trace = trace;
        this.memory = memory;
    }

    Message<Object> message() {
        return message;
    }

    /** The public address that was asked, also where the request came to this node alone. */
    String address() {
        String asked = message.address();
        return Addresses.isNode(asked) ? message.headers().get(Addresses.ASKED) : asked;
    }

    @Nullable
    InferenceTrace trace() {
        return trace;
    }

    Caller caller() {
        return new Caller(gone.future(), memory, memory, trace, /* timeline= */ null);
    }

    /** The body, where it may take long to look at; counted among those of the node. */
    byte[] body(int maxBytes) {
        byte[] bytes = MessageBody.bytes(MessageBody.of(message), maxBytes);
        memory.require(bytes.length);
        return bytes;
    }

    long nanos() {
        return System.nanoTime() - startNanos;
    }

    boolean isOver() {
        return gone.future().isComplete();
    }

    Future<Integer> gone() {
        return gone.future();
    }

    /** It has its answer, of that status: nobody waits any more. */
    void end(int status) {
        gone.complete(status);
        memory.close();
    }

    /** Its caller has left before there was an answer. */
    void leave(ServingException left) {
        gone.fail(left);
        memory.close();
    }

    int status(ServingException failure) {
        return HttpStatus.of(protocol, failure);
    }
}
