package dev.augur.serving;

import dev.augur.error.ServingException;
import dev.augur.pipeline.ItemRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to a pipeline: one item, or several which are answered one by one. Thread-safe.
 *
 * @param many whether the items came as a list; then the answer is one, too
 */
record PipelineRequest(boolean many, List<Item> items) {
    PipelineRequest {
        items = List.copyOf(items);
    }

    /**
     * One item, or why it is none.
     *
     * @param id as it was given, for the answer; {@code null} if there is none
     */
    record Item(@Nullable Object id, @Nullable ItemRequest request, @Nullable ServingException fault) {}
}
