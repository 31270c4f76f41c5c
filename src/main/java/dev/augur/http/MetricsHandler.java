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
 * {@code GET /metrics}, in OpenMetrics for those who accept it, else in Prometheus's text: one scrape at a time, made
 * on a worker; those who ask meanwhile in the same format share the next one. Confined to one event loop.
 */
final class MetricsHandler implements Handler<RoutingContext> {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final WorkerPool worker;
    private final Meters meters;
    private List<Asked> waiting = new ArrayList<>();
    private boolean scraping;

    private record Asked(RoutingContext ctx, String format) {}

    MetricsHandler(WorkerPool worker, Meters meters) {
        this.worker = worker;
        this.meters = meters;
    }

    @Override
    public void handle(RoutingContext ctx) {
        waiting.add(new Asked(ctx, format(ctx)));
        if (!scraping) {
            scrape();
        }
    }

    private static String format(RoutingContext ctx) {
        String accept = ctx.request().getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(OPEN_METRICS) ? Meters.OPEN_METRICS : Meters.PROMETHEUS_TEXT;
    }

    private void scrape() {
        String format = waiting.get(0).format();
        var asked = waiting.stream().filter(one -> one.format().equals(format)).toList();
        waiting.removeAll(asked);
        scraping = true;
        worker.run(() -> ByteBuffer.wrap(meters.scrape(format).getBytes(StandardCharsets.UTF_8)))
                .onComplete(scraped -> {
                    scraping = false;
                    asked.forEach(one -> answer(one, scraped));
                    if (!scraping && !waiting.isEmpty()) {
                        scrape();
                    }
                });
    }

    private static void answer(Asked asked, AsyncResult<ByteBuffer> scraped) {
        var ctx = asked.ctx();
        if (scraped.failed()) {
            ctx.fail(scraped.cause());
        } else if (!ctx.response().ended()) {
            ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, asked.format())
                    .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
            Exchange.send(ctx, List.of(scraped.result()));
        }
    }
}
