package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.pipeline.Pipelines;
import dev.augur.serving.Headers;
import dev.augur.serving.PipelinePath;
import dev.augur.serving.Recorder;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.Message;

/**
 * {@code augur.pipelines.<name>}: the body is that of {@code POST /predict/<name>}; the header {@code timeout} may say how long the caller
 * waits, {@code explain} ask for the features. Confined to one event loop.
 */
final class PipelineConsumer implements Handler<Message<Object>> {
    private static final String EXPLAIN = "explain";

    private final String name;
    private final Pipelines pipelines;
    private final Desk desk;
    private final PipelinePath path;
    private final Recorder recorder;

    PipelineConsumer(String name, Pipelines pipelines, Desk desk, Recorder recorder) {
        this.name = name;
        this.pipelines = pipelines;
        this.desk = desk;
        this.path = new PipelinePath(desk.work());
        this.recorder = recorder;
    }

    @Override
    public void handle(Message<Object> message) {
        var trace = recorder.pipeline(Addresses.pipeline(name), name, pipelines);
        desk.reception().receive(message, /* protocol= */ false, trace, this::answer);
    }

    private Future<Reply> answer(BusRequest request) {
        var message = request.message();
        var wish =
                PipelinePath.Wish.of(message.headers().getAll(EXPLAIN), Headers.time(message.headers(), Desk.TIMEOUT));
        var body = new PipelinePath.Body(() -> request.body(desk.limits().bodyBytes()), desk.cost(message));
        var question = new PipelinePath.Question(pipelines.require(name), Addresses.pipeline(name), body, wish);
        return path.answer(
                        question,
                        request.caller(),
                        answer -> Reply.of(message, answer, desk.limits().eventLoopBytes()))
                .map(PipelinePath.Answer::body);
    }
}
