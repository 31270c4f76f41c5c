package dev.augur.http;

import dev.augur.openapi.ApiDocument;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /openapi.json}: written on a worker when something it tells of has changed, and kept until then. Confined
 * to one event loop.
 */
final class DocumentHandler implements Handler<RoutingContext> {
    private final Supplier<ApiDocument> now;
    private final WorkerPool worker;
    private @Nullable ApiDocument written;
    private Future<BundledFiles.Content> content = Future.failedFuture("nobody has asked yet");

    DocumentHandler(Supplier<ApiDocument> now, WorkerPool worker) {
        this.now = now;
        this.worker = worker;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var document = now.get();
        if (!document.equals(written) || content.failed()) {
            written = document;
            content = worker.run(() -> BundledFiles.Content.of(
                    document.json().toString().getBytes(StandardCharsets.UTF_8), /* text= */ true));
        }
        content.onSuccess(json -> send(ctx, json)).onFailure(ctx::fail);
    }

    private static void send(RoutingContext ctx, BundledFiles.Content json) {
        if (!ctx.response().ended()) { // its time had not passed before
            FileHandler.send(ctx, json, "application/json");
        }
    }
}
