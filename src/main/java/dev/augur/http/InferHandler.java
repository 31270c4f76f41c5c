package dev.augur.http;

import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.Predictor;
import dev.augur.protocol.InferenceRequestReader;
import dev.augur.protocol.InferenceResponseWriter;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;

/**
 * {@code POST /v2/models/{model}[/versions/{version}]/infer}: decodes, predicts, encodes. JSON that would hold the event loop for long is
 * decoded and encoded on a worker. Confined to one event loop.
 */
final class InferHandler implements Handler<RoutingContext> {
    private final Predictor predictor;
    private final WorkerPool jsonWorkers;
    private final int eventLoopBytes;

    /**
     * A handler for one router.
     *
     * @param eventLoopBytes largest body, and largest sum of output tensors, that is handled on the event loop
     */
    InferHandler(Predictor predictor, WorkerPool jsonWorkers, int eventLoopBytes) {
        this.predictor = predictor;
        this.jsonWorkers = jsonWorkers;
        this.eventLoopBytes = eventLoopBytes;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var exchange = Exchange.of(ctx).over();
        decode(ctx, exchange)
                .compose(request -> predictor.predict(request, exchange))
                .compose(response -> encode(response, exchange))
                .onSuccess(body -> Exchange.answer(ctx, Buffer.buffer(body)))
                .onFailure(ctx::fail);
    }

    private Future<InferenceRequest> decode(RoutingContext ctx, Future<Void> exchange) {
        Buffer body = ctx.body().buffer();
        byte[] bytes = body == null ? new byte[0] : body.getBytes();
        String model = ctx.pathParam("model");
        String version = ctx.pathParam("version");
        return here(bytes.length, exchange, () -> InferenceRequestReader.read(bytes, model, version));
    }

    private Future<byte[]> encode(InferenceResponse response, Future<Void> exchange) {
        long bytes = response.outputs().stream()
                .mapToLong(output -> output.data().limit())
                .sum();
        return here(bytes, exchange, () -> InferenceResponseWriter.write(response));
    }

    /** Does small work on the event loop and large work on a worker. */
    private <T> Future<T> here(long bytes, Future<Void> exchange, Callable<T> work) {
        if (bytes > eventLoopBytes) {
            return jsonWorkers.run(exchange, work);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception failure) {
            return Future.failedFuture(failure);
        }
    }
}
