package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.reading.Page;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.RecordHead;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The prediction log over HTTP: pages, single records, outcomes, and the schema of all of them. Confined to one event loop. */
final class PredictionHandlers {
    private static final long ACKNOWLEDGE_SECONDS = 10;
    private static final String SCHEMA = "/schemas/prediction-record.json";

    private final Optional<Services.Recorded> recorded;

    PredictionHandlers(Optional<Services.Recorded> recorded) {
        this.recorded = recorded;
    }

    /** {@code GET /predictions}: {@code {"records": […], "finished": …, "cursor": …}}. */
    void list(RoutingContext ctx) {
        var query = PredictionQuery.of(ctx.queryParams());
        log().reader()
                .page(Exchange.of(ctx).over(), query.filter(), query.limit(), query.from())
                .onSuccess(page -> Exchange.answer(ctx, json(page)))
                .onFailure(ctx::fail);
    }

    /** {@code GET /predictions/{record_id}}: the line of the ledger as it stands. */
    void one(RoutingContext ctx) {
        find(ctx)
                .onSuccess(line -> Exchange.answer(ctx, Buffer.buffer(line.bytes())))
                .onFailure(ctx::fail);
    }

    /** {@code POST /predictions/{record_id}/outcome}: answered once the outcome's record is in the ledger. */
    void outcome(RoutingContext ctx) {
        var told = OutcomeReader.read(Exchange.of(ctx).body());
        var record = new OutcomeRecord(
                PredictionRecord.SCHEMA_VERSION,
                OutcomeRecord.TYPE,
                UUID.randomUUID().toString(),
                ctx.pathParam("record_id"),
                log().node(),
                Instant.now(),
                told.observedAt(),
                told.outcome());
        find(ctx)
                .compose(line -> RecordHead.of(line.bytes()).isPrediction() ? store(record) : unknown(ctx))
                .onSuccess(stored -> Exchange.answer(
                        ctx,
                        new JsonObject()
                                .put("record_id", record.recordId())
                                .put("prediction_id", record.predictionId())
                                .toBuffer()))
                .onFailure(ctx::fail);
    }

    /** {@code GET /schemas/prediction-record.json}. */
    static void schema(RoutingContext ctx) {
        ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/schema+json")
                .end(Schema.TEXT);
    }

    private Future<Void> store(OutcomeRecord record) {
        return log().outcomes()
                .append(record)
                .timeout(ACKNOWLEDGE_SECONDS, TimeUnit.SECONDS)
                .recover(failure -> Future.failedFuture(
                        new ServingException(ErrorCode.NOT_READY, "the prediction log does not take records now")));
    }

    private Future<LedgerLine> find(RoutingContext ctx) {
        return log().reader()
                .find(Exchange.of(ctx).over(), ctx.pathParam("record_id"))
                .compose(line -> line.map(Future::succeededFuture).orElseGet(() -> unknown(ctx)));
    }

    private static <T> Future<T> unknown(RoutingContext ctx) {
        return Future.failedFuture(new ServingException(
                ErrorCode.NOT_FOUND,
                "no prediction of record_id \"" + ctx.pathParam("record_id")
                        + "\" among the newest that are searched"));
    }

    private Services.Recorded log() {
        return recorded.orElseThrow(() -> new ServingException(
                ErrorCode.NOT_READY, "this node does not have the role log: ask one that writes the prediction log"));
    }

    private static Buffer json(Page page) {
        var json = Buffer.buffer("{\"records\":[");
        String separator = "";
        for (LedgerLine line : page.lines()) {
            json.appendString(separator).appendBytes(line.bytes());
            separator = ",";
        }
        json.appendString("],\"finished\":")
                .appendString(String.valueOf(page.next().isEmpty()));
        page.next().map(PagePlace::text).ifPresent(cursor -> json.appendString(",\"cursor\":\"")
                .appendString(cursor)
                .appendString("\""));
        return json.appendString("}");
    }

    /** Read once, when it is first asked for. */
    private static final class Schema {
        private static final Buffer TEXT = read();

        private static Buffer read() {
            try (var file = PredictionHandlers.class.getResourceAsStream(SCHEMA)) {
                if (file == null) {
                    throw new IllegalStateException(SCHEMA + " is missing");
                }
                return Buffer.buffer(file.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
