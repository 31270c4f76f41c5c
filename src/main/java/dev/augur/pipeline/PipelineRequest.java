package dev.augur.pipeline;

import dev.augur.error.ServingException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to a pipeline: one item, or several which are answered one by one. Thread-safe.
 *
 * @param id what the client calls the request, a {@code String} or a {@code Long}; {@code null} if it does not
 * @param many whether the items came as a list; then the answer is one, too
 */
record PipelineRequest(@Nullable Object id, boolean many, List<Item> items) {
    PipelineRequest {
        items = List.copyOf(items);
    }

    /** Its id as text. */
    @Nullable
    String name() {
        return id == null ? null : id.toString();
    }

    /**
     * One item, or why it is none.
     *
     * @param id as it was given, for the answer; {@code null} if there is none
     */
    record Item(@Nullable Object id, @Nullable ItemRequest request, @Nullable ServingException fault) {}
}
