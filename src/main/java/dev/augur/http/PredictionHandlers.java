package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.logview.FoundRecord;
import dev.augur.logview.MissingLog;
import dev.augur.logview.WholeLog;
import dev.augur.logview.WholePage;
import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.reading.Page;
import dev.augur.predictionlog.reading.PageQuestion;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The prediction log over HTTP: pages, single records, outcomes, and the schema of all of them. Confined to one event
 * loop.
 */
final class PredictionHandlers {
    static final String VERIFY = "verify";
    /** In an answer: nodes, or writers, that were not read. */
    static final String MISSING = "X-Augur-Missing";

    private static final long RECORD_BYTES = 1 << 11; // about
    private static final String SCHEMA = "/schemas/prediction-record.json";

    private final WholeLog log;

    PredictionHandlers(WholeLog log) {
        this.log = log;
    }

    /** {@code GET /predictions}: {@code {"records": […], "finished": …, "cursor": …, "missing": […]}}. */
    void list(RoutingContext ctx) {
        var query = PredictionQuery.of(ctx.queryParams());
        long records = (long) query.limit() * Math.max(1, log.size());
        Exchange.of(ctx).answerMemory().require(Math.min(Page.MAX_BYTES, records * RECORD_BYTES));
        log.page(
                        Exchange.of(ctx).gone(),
                        PageQuestion.of(
                                query.filter(), query.limit(), query.from().orElse(null)))
                .onSuccess(page -> {
                    if (!ctx.response().ended()) { // its time had not passed before
                        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
                        if (!page.missing().isEmpty()) {
                            var names = page.missing().stream().map(MissingLog::name);
                            ctx.response().putHeader(MISSING, names.distinct().collect(Collectors.joining(", ")));
                        }
                        Exchange.send(ctx, json(page));
                    }
                })
                .onFailure(ctx::fail);
    }

    /**
     * {@code GET /predictions/{record_id}}: the line of the ledger as it stands; behind its last field a prediction's
     * outcomes.
     */
    void one(RoutingContext ctx) {
        if (verifies(ctx)) {
            verify(ctx);
            return;
        }
        find(ctx)
                .map(found -> found.isPrediction() ? joined(found) : Buffer.buffer(found.line()))
                .onSuccess(answer -> Exchange.answer(ctx, answer))
                .onFailure(ctx::fail);
    }

    /** {@code ?verify=true}: whether the line is as it was written. */
    private void verify(RoutingContext ctx) {
        log.verified(Exchange.of(ctx).gone(), ctx.pathParam("record_id"))
                .compose(verified -> verified.map(Future::succeededFuture).orElseGet(() -> unknown(ctx)))
                .onSuccess(verified -> Exchange.answer(
                        ctx,
                        new JsonObject()
                                .put("record_id", ctx.pathParam("record_id"))
                                .put("verified", verified)
                                .toBuffer()))
                .onFailure(ctx::fail);
    }

    private static boolean verifies(RoutingContext ctx) {
        var given = ctx.queryParam(VERIFY);
        if (given.isEmpty() || given.equals(List.of("false"))) {
            return false;
        }
        if (given.equals(List.of("true"))) {
            return true;
        }
        throw new ServingException(ErrorCode.INVALID_ARGUMENT, "verify must be true or false, or not be given");
    }

    private static Buffer joined(FoundRecord found) {
        var json = Buffer.buffer().appendBytes(found.line(), 0, found.line().length - 1);
        String before = ",\"outcomes\":[";
        for (byte[] outcome : found.outcomes()) {
            json.appendString(before).appendBytes(outcome);
            before = ",";
        }
        return json.appendString(found.outcomes().isEmpty() ? before + "]}" : "]}");
    }

    /** {@code POST /predictions/{record_id}/outcome}: answered once the outcome is in the prediction's ledger. */
    void outcome(RoutingContext ctx) {
        var observation = OutcomeReader.read(Exchange.of(ctx).body());
        var record = new OutcomeRecord(
                PredictionRecord.SCHEMA_VERSION,
                OutcomeRecord.TYPE,
                UUID.randomUUID().toString(),
                ctx.pathParam("record_id"),
                log.node(),
                Instant.now(),
                observation.observedAt(),
                observation.outcome());
        find(ctx)
                .compose(found -> found.isPrediction() ? log.tell(found, record) : unknown(ctx))
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
        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/schema+json");
        Exchange.end(ctx, Schema.TEXT);
    }

    private Future<FoundRecord> find(RoutingContext ctx) {
        return log.find(Exchange.of(ctx).gone(), ctx.pathParam("record_id"))
                .compose(found -> found.map(Future::succeededFuture).orElseGet(() -> unknown(ctx)));
    }

    private static <T> Future<T> unknown(RoutingContext ctx) {
        return Future.failedFuture(new ServingException(
                ErrorCode.NOT_FOUND,
                "no prediction of record_id \"" + ctx.pathParam("record_id")
                        + "\" among the newest that are searched"));
    }

    private static List<ByteBuffer> json(WholePage page) {
        var parts = new ArrayList<ByteBuffer>();
        String before = "{\"records\":[";
        for (ByteBuffer line : page.lines()) {
            parts.add(text(before));
            parts.add(line);
            before = ",";
        }
        parts.add(text((page.lines().isEmpty() ? before : "") + "],\"finished\":" + page.finished()));
        page.next().ifPresent(place -> parts.add(text(",\"cursor\":\"" + place.text() + "\"")));
        if (!page.missing().isEmpty()) {
            var missing = new JsonArray();
            page.missing().forEach(one -> missing.add(one.json()));
            parts.add(text(",\"missing\":" + missing.encode()));
        }
        parts.add(text("}"));
        return parts;
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
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
