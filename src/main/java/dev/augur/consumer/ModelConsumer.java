package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.request.Headers;
import dev.augur.request.InferencePath;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.Message;

/**
 * {@code augur.models.<name>}: the body is that of {@code POST /v2/models/<name>/infer}; the headers {@code version}
 * and {@code timeout} may choose a version and say how long the caller waits. Confined to one event loop.
 */
final class ModelConsumer implements Handler<Message<Object>> {
    private static final String VERSION = "version";

    private final String model;
    private final Reception reception;
    private final InferencePath path;

    ModelConsumer(String model, Reception reception, InferencePath path) {
        this.model = model;
        this.reception = reception;
        this.path = path;
    }

    @Override
    public void handle(Message<Object> message) {
        var trace = reception.recorder().inference(Addresses.model(model), model);
        reception.receive(message, /* protocol= */ true, trace, this::answer);
    }

    private Future<Reply> answer(BusRequest request) {
        var headers = request.message().headers();
        var bodies = reception.bodies();
        var encoded = new InferencePath.EncodedRequest(
                model,
                Headers.single(headers, VERSION, ErrorCode.INVALID_ARGUMENT),
                new InferencePath.Body(
                        () -> request.body(bodies.limits().inferenceBodyBytes()),
                        bodies.cost(request.message()),
                        Headers.single(headers, InferencePath.JSON_LENGTH, ErrorCode.INVALID_ARGUMENT)),
                () -> Headers.time(headers, Reception.TIMEOUT));
        return path.answer(encoded, request.caller(), answer -> Reply.of(request.message(), answer));
    }
}
