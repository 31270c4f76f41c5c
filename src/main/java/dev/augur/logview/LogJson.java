package dev.augur.logview;

import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.reading.PagePart;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.PagePlace.WriterPlace;
import dev.augur.predictionlog.reading.PageQuestion;
import dev.augur.predictionlog.reading.RecordFilter;
import dev.augur.protocol.RequestJson;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Questions and answers between nodes as they travel. What is read throws a {@code RuntimeException} where it is not
 * what was written. Thread-safe.
 */
final class LogJson {
    private LogJson() {}

    static JsonObject of(PageQuestion question) {
        var filter = question.filter();
        return new JsonObject()
                .put("model", filter.model().orElse(null))
                .put("item_id", filter.itemId().orElse(null))
                .put("endpoint", filter.endpoint().orElse(null))
                .put("status", filter.status().orElse(null))
                .put("since", filter.since().map(Instant::toString).orElse(null))
                .put("until", filter.until().map(Instant::toString).orElse(null))
                .put("outcome", filter.outcome().orElse(null))
                .put("replays", filter.replays())
                .put("limit", question.limit())
                .put("bytes", question.bytes())
                .put("from", question.from().map(PagePlace::text).orElse(null))
                .put("except", new JsonArray(List.copyOf(question.except())));
    }

    static PageQuestion question(JsonObject json) {
        var filter = new RecordFilter(
                text(json, "model"),
                text(json, "item_id"),
                text(json, "endpoint"),
                text(json, "status"),
                text(json, "since").map(Instant::parse),
                text(json, "until").map(Instant::parse),
                json.getBoolean("replays"),
                text(json, "outcome"));
        var except = texts(json.getJsonArray("except")).collect(Collectors.toSet());
        var from = text(json, "from").map(place -> PagePlace.of(place).orElseThrow());
        return new PageQuestion(filter, json.getInteger("limit"), json.getLong("bytes"), from, except);
    }

    /** Which of these the pages before have passed. */
    static JsonObject of(PagePlace from, Set<String> ids) {
        return of(ids).put("from", from.text());
    }

    static PagePlace from(JsonObject json) {
        return PagePlace.of(json.getString("from")).orElseThrow();
    }

    static JsonObject of(Set<String> ids) {
        return new JsonObject().put("ids", new JsonArray(List.copyOf(ids)));
    }

    static Set<String> ids(JsonObject json) {
        return texts(json.getJsonArray("ids")).collect(Collectors.toSet());
    }

    static Pieces of(PagePart part) {
        var lines = new JsonArray();
        var bytes = new ArrayList<byte[]>();
        for (PagePart.Line line : part.lines()) {
            lines.add(line.recordId())
                    .add(line.receivedAt().toString())
                    .add(line.place().text());
            bytes.add(line.json().array());
        }
        var head = new JsonObject()
                .put("start", part.start().text())
                .put("next", part.next().map(PagePlace::text).orElse(null))
                .put("frontier", part.frontier().map(Instant::toString).orElse(null))
                .put("runs", new PagePlace(List.of(), part.runs()).text())
                .put("lines", lines);
        return new Pieces(head, bytes);
    }

    static PagePart part(Pieces pieces) {
        var head = pieces.head();
        var told = head.getJsonArray("lines");
        var lines = new ArrayList<PagePart.Line>();
        for (int i = 0; i < pieces.lines().size(); i++) {
            lines.add(new PagePart.Line(
                    told.getString(3 * i),
                    Instant.parse(told.getString(3 * i + 1)),
                    WriterPlace.of(told.getString(3 * i + 2)),
                    ByteBuffer.wrap(pieces.lines().get(i))));
        }
        return new PagePart(
                lines,
                PagePlace.of(head.getString("start")).orElseThrow(),
                text(head, "next").map(place -> PagePlace.of(place).orElseThrow()),
                text(head, "frontier").map(Instant::parse),
                PagePlace.of(head.getString("runs", "")).orElseThrow().runs());
    }

    static Pieces of(LogNode.Search search) {
        var head = new JsonObject().put("writers", new JsonArray(search.writers()));
        search.found().ifPresent(found -> head.put("prediction", found.isPrediction()));
        return new Pieces(head, search.found().map(FoundRecord::lines).orElse(List.of()));
    }

    static LogNode.Search search(String node, Pieces pieces) {
        var head = pieces.head();
        var writers = texts(head.getJsonArray("writers")).toList();
        return new LogNode.Search(
                pieces.lines().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new FoundRecord(node, head.getBoolean("prediction"), pieces.lines())),
                writers);
    }

    static JsonObject of(OutcomeRecord outcome) {
        return new JsonObject()
                .put("record_id", outcome.recordId())
                .put("prediction_id", outcome.predictionId())
                .put("node", outcome.node())
                .put("received_at", outcome.receivedAt().toString())
                .put(
                        "observed_at",
                        Optional.ofNullable(outcome.observedAt())
                                .map(Instant::toString)
                                .orElse(null))
                .put("outcome", Json.encode(outcome.outcome())); // as text: its numbers stay as they are
    }

    static OutcomeRecord outcome(JsonObject json) throws IOException {
        var value = RequestJson.exactTree(json.getString("outcome").getBytes(StandardCharsets.UTF_8));
        return new OutcomeRecord(
                PredictionRecord.SCHEMA_VERSION,
                OutcomeRecord.TYPE,
                json.getString("record_id"),
                json.getString("prediction_id"),
                json.getString("node"),
                Instant.parse(json.getString("received_at")),
                text(json, "observed_at").map(Instant::parse).orElse(null),
                RequestJson.plain(value));
    }

    private static Stream<String> texts(JsonArray array) {
        return array.stream().map(String.class::cast);
    }

    private static Optional<String> text(JsonObject json, String field) {
        return Optional.ofNullable(json.getString(field));
    }
}
