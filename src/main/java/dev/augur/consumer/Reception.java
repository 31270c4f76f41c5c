package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.recording.InferenceTrace;
import dev.augur.predictionlog.recording.Recorder;
import dev.augur.request.Headers;
import dev.augur.request.HttpStatus;
import dev.augur.time.Deadlines;
import dev.augur.worker.JsonWork;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every message goes through, whatever its address: it is admitted, answered or failed with a status of HTTP,
 * measured and recorded; one that takes too long is failed. Confined to one event loop.
 */
final class Reception {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
    private static final int OK = 200;

    /** The header that says how long a caller waits. */
    static final String TIMEOUT = "timeout";

    private final Admission admission;
    private final Recorder recorder;
    private final JsonWork work;
    private final MessageBodies bodies;
    private final Deadlines<BusRequest> deadlines;
    private final Map<String, BusRequest> calls = new HashMap<>(); // those whose callers may say that they leave
    private int requests;

    /**
     * The reception of one event loop.
     *
     * @param work sends large answers elsewhere
     */
    Reception(Admission admission, Recorder recorder, JsonWork work, MessageBodies bodies) {
        this.admission = admission;
        this.recorder = recorder;
        this.work = work;
        this.bodies = bodies;
        var timeout = bodies.limits().requestTimeout();
        this.deadlines = Deadlines.within(timeout, ErrorCode.DEADLINE_EXCEEDED, "there was no answer", this::fail);
    }

    /** What is to be made of one request; may throw what it refuses. */
    interface Answering extends Function<BusRequest, Future<Reply>> {}

    /**
     * Takes a message.
     *
     * @param protocol whether it is a request of the Open Inference Protocol
     * @param trace what is to be recorded of it; {@code null} if nothing is
     */
    void receive(Message<Object> message, boolean protocol, @Nullable InferenceTrace trace, Answering answering) {
        if (trace != null) {
            trace.origin(Headers.origin(message.headers()).by(message.headers().get(Headers.PRINCIPAL)));
        }
        var request = new BusRequest(message, protocol, trace, admission.memory().new Share());
        boolean admitted = admission.inFlight().enter();
        requests++;
        var wait = deadlines.begin(request);
        String call = message.headers().get(Addresses.CALL);
        if (call != null) {
            calls.put(call, request);
        }
        request.gone().onComplete(over -> {
            requests--;
            calls.remove(call, request);
            wait.end();
            if (admitted) {
                admission.inFlight().leave();
            }
            if (trace != null) {
                recorder.after(trace, over);
            }
        });
        Future.<Void>succeededFuture()
                .compose(now -> admitted ? answer(request, answering) : Future.failedFuture(tooMany()))
                .onSuccess(sent -> end(request, OK))
                .onFailure(failure -> fail(request, failure));
    }

    Recorder recorder() {
        return recorder;
    }

    MessageBodies bodies() {
        return bodies;
    }

    /** Requests that have no answer yet. */
    int requests() {
        return requests;
    }

    /** Nobody waits for it any more, if it is one of these. */
    void left(String call) {
        var request = calls.get(call);
        if (request != null && !request.isOver()) {
            var left = new ServingException(ErrorCode.CANCELLED, "nobody waits for the answer any more");
            int status = request.status(left);
            request.message().fail(status, left.getMessage()); // which its carrier need not keep any longer
            request.leave(left);
            admission.meters().busRequest(request.address(), status, request.nanos());
        }
    }

    /** Fails what has taken too long; called now and then. */
    void sweep() {
        deadlines.sweep();
    }

    /** Fails what has no answer yet. */
    void failAll() {
        deadlines.failAll(new ServingException(ErrorCode.NOT_READY, "this node is stopping"));
    }

    private Future<Void> answer(BusRequest request, Answering answering) {
        if (request.message().replyAddress() == null) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT, "the message has no reply address: use request, not send or publish");
        }
        return answering.apply(request).compose(reply -> send(request, reply));
    }

    /** A large answer is copied or encoded when it is sent, so that is done on a worker. */
    private Future<Void> send(BusRequest request, Reply reply) {
        return request.isOver() // and nobody waits for this one
                ? Future.succeededFuture()
                : work.runToTheEnd(reply.bytes(), () -> {
                            request.message().reply(reply.body(), reply.options());
                            return reply;
                        })
                        .mapEmpty();
    }

    private void fail(BusRequest request, Throwable failure) {
        var told = told(request, failure);
        if (request.isOver()) {
            return;
        }
        var trace = request.trace();
        if (trace != null) {
            trace.failed(told);
        }
        admission.meters().error(told.code());
        int status = request.status(told);
        LOG.debug("{}: {} {}", request.address(), status, told.getMessage());
        request.message().fail(status, told.getMessage());
        end(request, status);
    }

    /** A fault is logged, even if nobody is there to be told. */
    private static ServingException told(BusRequest request, Throwable failure) {
        if (failure instanceof ServingException serving) {
            return serving;
        }
        LOG.error("{} failed", request.address(), failure);
        return HttpStatus.hidden();
    }

    private void end(BusRequest request, int status) {
        if (request.isOver()) {
            return;
        }
        request.end(status);
        admission.meters().busRequest(request.address(), status, request.nanos());
    }

    private ServingException tooMany() {
        return new ServingException(
                ErrorCode.OVERLOADED,
                admission.inFlight().limit() + " requests of the event bus are in flight already");
    }
}
