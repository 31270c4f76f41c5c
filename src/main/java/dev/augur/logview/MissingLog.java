package dev.augur.logview;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A writer whose records are not in an answer. Immutable, thread-safe.
 *
 * @param node that writes it, or did last; empty if that is not known
 * @param reason why it was not read, in words
 */
public record MissingLog(String writer, Optional<String> node, String reason) {
    /** {@code {"node": …, "writer": …, "reason": …}}. */
    public JsonObject json() {
        return new JsonObject()
                .put("node", node.orElse(null))
                .put("writer", writer)
                .put("reason", reason);
    }

    /** The node, or the writer where no node is known. */
    public String name() {
        return node.orElse(writer);
    }
}
