package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.pipeline.PipelinePath;
import dev.augur.pipeline.Pipelines;
import dev.augur.request.Headers;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.Message;

/**
 * {@code augur.pipelines.<name>}: the body is that of {@code POST /predict/<name>}; the header {@code timeout} may say
 * how long the caller waits, {@code explain} ask for the features. Confined to one event loop.
 */
final class PipelineConsumer implements Handler<Message<Object>> {
    private static final String EXPLAIN = "explain";

    private final String name;
    private final Pipelines pipelines;
    private final PipelinePath path;
    private final Reception reception;

    PipelineConsumer(String name, Pipelines pipelines, PipelinePath path, Reception reception) {
        this.name = name;
        this.pipelines = pipelines;
        this.path = path;
        this.reception = reception;
    }

    @Override
    public void handle(Message<Object> message) {
        var trace = pipelines.record(name, Addresses.pipeline(name), reception.recorder());
        reception.receive(message, /* protocol= */ false, trace, this::answer);
    }

    private Future<Reply> answer(BusRequest request) {
        var message = request.message();
        var bodies = reception.bodies();
        var body = new PipelinePath.Body(() -> request.body(bodies.limits().bodyBytes()), bodies.cost(message));
        var encoded = new PipelinePath.EncodedRequest(
                () -> pipelines.require(name),
                Addresses.pipeline(name),
                body,
                () -> PipelinePath.Options.of(
                        message.headers().getAll(EXPLAIN),
                        Headers.time(message.headers(), Reception.TIMEOUT).orElse(null)));
        return path.answer(
                        encoded,
                        request.caller(),
                        answer -> Reply.of(message, answer, bodies.limits().eventLoopBytes()))
                .map(PipelinePath.EncodedAnswer::body);
    }
}
