package dev.augur.client;

import io.vertx.core.json.JsonObject;

/**
 * How far a subscriber has read the prediction log of one writer. Immutable, thread-safe.
 *
 * @param writer the {@code writer_id} of its records; empty is the one that the node writes which answers first
 * @param seq the {@code seq} of the last record it has; 0 for none
 */
public record LogPosition(String writer, long seq) {
    /** Before the oldest record that is kept. */
    public static LogPosition beginning() {
        return new LogPosition("", 0);
    }

    /** Behind a record of the log. */
    public static LogPosition of(JsonObject record) {
        return new LogPosition(record.getString("writer_id"), record.getLong("seq"));
    }
}
