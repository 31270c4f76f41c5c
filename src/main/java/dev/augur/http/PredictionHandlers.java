package dev.augur.http;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.reading.Page;
import dev.augur.predictionlog.reading.RecordHead;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The prediction log over HTTP: pages, single records, outcomes, and the schema of all of them. Confined to one event
 * loop.
 */
final class PredictionHandlers {
    static final String VERIFY = "verify";

    private static final Duration ACKNOWLEDGE = Duration.ofSeconds(10);
    private static final long RECORD_BYTES = 1 << 11; // about
    private static final DeliveryOptions PLACE = new DeliveryOptions().setSendTimeout(1_000);
    private static final String SCHEMA = "/schemas/prediction-record.json";

    private final Backend.@Nullable LocalLog local;

    PredictionHandlers(Backend.@Nullable LocalLog local) {
        this.local = local;
    }

    /** {@code GET /predictions}: {@code {"records": […], "finished": …, "cursor": …}}. */
    void list(RoutingContext ctx) {
        var query = PredictionQuery.of(ctx.queryParams());
        var reader = log().reader();
        Exchange.of(ctx).answerMemory().require(Math.min(Page.MAX_BYTES, query.limit() * RECORD_BYTES));
        reader.page(
                        Exchange.of(ctx).gone(),
                        query.filter(),
                        query.limit(),
                        query.from().orElse(null))
                .onSuccess(page -> {
                    if (!ctx.response().ended()) { // its time had not passed before
                        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
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
                .compose(line -> RecordHead.of(line.bytes()).isPrediction()
                        ? log().reader()
                                .outcomes(Exchange.of(ctx).gone(), ctx.pathParam("record_id"))
                                .map(outcomes -> joined(line, outcomes))
                        : Future.succeededFuture(Buffer.buffer(line.bytes())))
                .onSuccess(answer -> Exchange.answer(ctx, answer))
                .onFailure(ctx::fail);
    }

    /** {@code ?verify=true}: whether the line is as it was written. */
    private void verify(RoutingContext ctx) {
        find(ctx)
                .compose(line -> log().reader().verified(Exchange.of(ctx).gone(), line))
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

    private static Buffer joined(LedgerLine line, List<LedgerLine> outcomes) {
        var json = Buffer.buffer().appendBytes(line.bytes(), 0, line.bytes().length - 1);
        String before = ",\"outcomes\":[";
        for (LedgerLine outcome : outcomes) {
            json.appendString(before).appendBytes(outcome.bytes());
            before = ",";
        }
        return json.appendString(outcomes.isEmpty() ? before + "]}" : "]}");
    }

    /** {@code POST /predictions/{record_id}/outcome}: answered once the outcome's record is in the ledger. */
    void outcome(RoutingContext ctx) {
        var observation = OutcomeReader.read(Exchange.of(ctx).body());
        var record = new OutcomeRecord(
                PredictionRecord.SCHEMA_VERSION,
                OutcomeRecord.TYPE,
                UUID.randomUUID().toString(),
                ctx.pathParam("record_id"),
                log().node(),
                Instant.now(),
                observation.observedAt(),
                observation.outcome());
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
        ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/schema+json");
        Exchange.end(ctx, Schema.TEXT);
    }

    /** On a node that does not write the log: says which one does. */
    static void elsewhere(RoutingContext ctx) {
        ctx.vertx()
                .eventBus()
                .<String>request(Addresses.PREDICTION_LOG_PLACE, "", PLACE)
                .onSuccess(place -> ctx.fail(new ServingException(
                        ErrorCode.NOT_FOUND, "this node does not have the role log; ask " + place.body())))
                .onFailure(nobody -> ctx.fail(new ServingException(
                        ErrorCode.NOT_READY, "this node does not have the role log, and no node that has it answers")));
    }

    private Future<Void> store(OutcomeRecord record) {
        return log().outcomes().store(Future.succeededFuture(record), ACKNOWLEDGE);
    }

    private Future<LedgerLine> find(RoutingContext ctx) {
        return log().reader()
                .find(Exchange.of(ctx).gone(), ctx.pathParam("record_id"))
                .compose(line -> line.map(Future::succeededFuture).orElseGet(() -> unknown(ctx)));
    }

    private static <T> Future<T> unknown(RoutingContext ctx) {
        return Future.failedFuture(new ServingException(
                ErrorCode.NOT_FOUND,
                "no prediction of record_id \"" + ctx.pathParam("record_id")
                        + "\" among the newest that are searched"));
    }

    private Backend.LocalLog log() {
        if (local == null) {
            throw new ServingException(
                    ErrorCode.NOT_READY,
                    "this node does not have the role log: ask one that writes the prediction log");
        }
        return local;
    }

    private static List<ByteBuffer> json(Page page) {
        var parts = new ArrayList<ByteBuffer>();
        String before = "{\"records\":[";
        for (LedgerLine line : page.lines()) {
            parts.add(text(before));
            parts.add(ByteBuffer.wrap(line.bytes()));
            before = ",";
        }
        parts.add(text((page.lines().isEmpty() ? before : "") + "],\"finished\":"
                + page.next().isEmpty()));
        page.next().ifPresent(place -> parts.add(text(",\"cursor\":\"" + place.text() + "\"")));
        parts.add(text("}"));
        return parts;
    }

    private static ByteBuffer text(String ascii) {
        return ByteBuffer.wrap(ascii.getBytes(StandardCharsets.US_ASCII));
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
