package dev.augur.http;

import dev.augur.metrics.Meters;
import dev.augur.worker.WorkerPool;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code GET /metrics}: one scrape at a time, made on a worker; those who ask meanwhile share the next one. Confined to
 * one event loop.
 */
final class MetricsHandler implements Handler<RoutingContext> {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final WorkerPool worker;
    private final Meters meters;
    private List<RoutingContext> waiting = new ArrayList<>();
    private boolean scraping;

    MetricsHandler(WorkerPool worker, Meters meters) {
        this.worker = worker;
        this.meters = meters;
    }

    @Override
    public void handle(RoutingContext ctx) {
        waiting.add(ctx);
        if (!scraping) {
            scrape();
        }
    }

    private void scrape() {
        var asked = waiting;
        waiting = new ArrayList<>();
        scraping = true;
        worker.run(() -> ByteBuffer.wrap(meters.scrape().getBytes(StandardCharsets.UTF_8)))
                .onComplete(scraped -> {
                    scraping = false;
                    asked.forEach(ctx -> answer(ctx, scraped));
                    if (!scraping && !waiting.isEmpty()) {
                        scrape();
                    }
                });
    }

    private static void answer(RoutingContext ctx, AsyncResult<ByteBuffer> scraped) {
        if (scraped.failed()) {
            ctx.fail(scraped.cause());
        } else if (!ctx.response().ended()) {
            ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS_TEXT);
            Exchange.send(ctx, List.of(scraped.result()));
        }
    }
}
