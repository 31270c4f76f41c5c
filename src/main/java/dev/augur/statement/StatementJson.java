package dev.augur.statement;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JSON of what a node says, on the event bus and over HTTP. Thread-safe. */
public final class StatementJson {
    /** Of what nodes say and how they ask one another; another one with each change that a node of before mistakes. */
    static final int WIRE = 1;

    /** The key that says whether the node leaves. */
    public static final String LEAVES = "leaves";

    private StatementJson() {}

    /** A statement as it is said to other nodes: with what clients are not told. */
    public static JsonObject said(NodeStatement statement) {
        var places = statement.identity().places();
        return of(statement)
                .put("peers", places.peers())
                .put("key", places.key())
                .put("bus", places.bus().map(StatementJson::bus).orElse(null))
                .put("wire", WIRE);
    }

    private static JsonObject bus(NodeStatement.BusPlace place) {
        return new JsonObject()
                .put("address", place.address())
                .put("silence_ms", place.silence().toMillis());
    }

    private static NodeStatement.BusPlace bus(JsonObject json) {
        return new NodeStatement.BusPlace(json.getString("address"), Duration.ofMillis(json.getLong("silence_ms")));
    }

    /** A statement as clients are told it. */
    public static JsonObject of(NodeStatement statement) {
        var identity = statement.identity();
        return new JsonObject()
                .put("node", identity.node())
                .put("version", identity.version())
                .put("roles", new JsonArray(identity.roles()))
                .put("started_at", identity.startedAt().toString())
                .put(
                        "url",
                        identity.places().url().isEmpty()
                                ? null
                                : identity.places().url())
                .put("log_writer", identity.writer().orElse(null))
                .put("draining", statement.load().draining())
                .put("in_flight", statement.load().inFlight())
                .put("models", all(statement.models(), StatementJson::model))
                .put("pipelines", all(statement.pipelines(), StatementJson::pipeline));
    }

    private static JsonObject model(ServedModel model) {
        var json = new JsonObject()
                .put("name", model.name())
                .put("version", model.version())
                .put("state", model.state())
                .put("reason", model.reason());
        return model.unloaded() ? json.put("unloaded", true) : json;
    }

    private static JsonObject pipeline(ServedPipeline pipeline) {
        return new JsonObject()
                .put("name", pipeline.name())
                .put("model", pipeline.model())
                .put("ready", pipeline.ready());
    }

    /**
     * What {@link #said} made.
     *
     * @throws ForeignStatementException where its node speaks another version
     * @throws RuntimeException for anything else
     */
    public static NodeStatement read(JsonObject json) {
        int wire = json.getInteger("wire", 0);
        if (wire != WIRE) {
            throw new ForeignStatementException(json, wire);
        }
        var roles = new ArrayList<String>();
        json.getJsonArray("roles").forEach(role -> roles.add((String) role));
        @Nullable JsonObject bus = json.getJsonObject("bus"); // nodes of before say none
        var places = new NodeStatement.Places(
                text(json, "url"),
                text(json, "peers"),
                text(json, "key"),
                Optional.ofNullable(bus).map(StatementJson::bus));
        var identity = new NodeStatement.Identity(
                json.getString("node"),
                json.getString("version"),
                roles,
                Instant.parse(json.getString("started_at")),
                places,
                Optional.ofNullable(json.getString("log_writer")));
        return new NodeStatement(
                identity,
                new NodeStatement.Load(json.getInteger("in_flight"), json.getBoolean("draining")),
                all(json.getJsonArray("models"), StatementJson::model),
                all(json.getJsonArray("pipelines"), StatementJson::pipeline));
    }

    private static String text(JsonObject json, String key) {
        String text = json.getString(key);
        return text == null ? "" : text;
    }

    private static ServedModel model(JsonObject json) {
        return new ServedModel(
                json.getString("name"),
                json.getString("version"),
                json.getString("state"),
                json.getBoolean("unloaded", /* def= */ false),
                json.getString("reason"));
    }

    private static ServedPipeline pipeline(JsonObject json) {
        return new ServedPipeline(json.getString("name"), json.getString("model"), json.getBoolean("ready"));
    }

    private static <T> JsonArray all(List<T> items, Function<T, JsonObject> written) {
        var all = new JsonArray();
        items.forEach(item -> all.add(written.apply(item)));
        return all;
    }

    private static <T> List<T> all(JsonArray items, Function<JsonObject, T> read) {
        var all = new ArrayList<T>();
        for (int i = 0; i < Math.min(items.size(), NodeStatement.MOST_SERVED); i++) {
            all.add(read.apply(items.getJsonObject(i)));
        }
        return all;
    }
}
