package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.serving.Headers;
import dev.augur.serving.InferencePath;
import dev.augur.serving.Recorder;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.Message;

/**
 * {@code augur.models.<name>}: the body is that of {@code POST /v2/models/<name>/infer}; the headers {@code version} and {@code timeout} may
 * choose a version and say how long the caller waits. Confined to one event loop.
 */
final class ModelConsumer implements Handler<Message<Object>> {
    private static final String VERSION = "version";

    private final String model;
    private final Desk desk;
    private final InferencePath path;
    private final Recorder recorder;

    ModelConsumer(String model, Desk desk, InferencePath path, Recorder recorder) {
        this.model = model;
        this.desk = desk;
        this.path = path;
        this.recorder = recorder;
    }

    @Override
    public void handle(Message<Object> message) {
        var trace = recorder.inference(Addresses.model(model), model);
        desk.reception().receive(message, /* protocol= */ true, trace, this::answer);
    }

    private Future<Reply> answer(BusRequest request) {
        var headers = request.message().headers();
        var question = new InferencePath.Question(
                model,
                Headers.single(headers, VERSION, ErrorCode.INVALID_ARGUMENT),
                new InferencePath.Body(
                        () -> request.body(desk.limits().inferenceBodyBytes()),
                        desk.cost(request.message()),
                        Headers.single(headers, InferencePath.JSON_LENGTH, ErrorCode.INVALID_ARGUMENT)),
                () -> Headers.time(headers, Desk.TIMEOUT));
        return path.answer(question, request.caller(), answer -> Reply.of(request.message(), answer));
    }
}
