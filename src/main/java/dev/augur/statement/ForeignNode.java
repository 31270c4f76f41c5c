package dev.augur.statement;

import dev.augur.error.Shown;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node whose Augur speaks another version with other nodes: it is asked for nothing, and what it has is missing.
 * Immutable, thread-safe.
 *
 * @param predicts whether it says that it has models
 * @param writer of its prediction log, if it says that it has one
 * @param reason why it is not asked, in words
 * @param heardNanos when it has said something last, as {@code System.nanoTime} tells it
 */
public record ForeignNode(String node, boolean predicts, Optional<String> writer, String reason, long heardNanos) {
    private static final int MOST_CHARACTERS = 100;

    /** As far as its statement can be understood; {@code null} where it does not even say who it is. */
    static @Nullable ForeignNode of(JsonObject statement, String reason) {
        String node = text(statement, "node");
        return node == null
                ? null
                : new ForeignNode(
                        node,
                        statement.getValue("roles") instanceof JsonArray roles && roles.contains("predict"),
                        Optional.ofNullable(text(statement, "log_writer")),
                        reason,
                        System.nanoTime());
    }

    /** How long it has said nothing. */
    public Duration silent() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - heardNanos));
    }

    /** Its text under a key, cut where it is long; {@code null} if there is none. */
    static @Nullable String text(JsonObject statement, String key) {
        return statement.getValue(key) instanceof String text ? Shown.beginning(text, MOST_CHARACTERS) : null;
    }
}
