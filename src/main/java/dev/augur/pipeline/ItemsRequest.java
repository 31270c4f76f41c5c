package dev.augur.pipeline;

import dev.augur.request.Caller;
import java.time.Duration;
import java.util.List;

/**
 * Items that are asked for together. Confined to the request's event loop.
 *
 * @param endpoint the path or address that was asked, for the records
 * @param items each of them is answered by itself
 * @param patience how long the caller waits; the pipeline's own time-out if that is shorter
 */
public record ItemsRequest(String endpoint, List<ItemRequest> items, Duration patience, Caller caller) {
    public ItemsRequest {
        items = List.copyOf(items);
    }

    /** The same for a caller who waits no longer than that. */
    ItemsRequest within(Duration limit) {
        return patience.compareTo(limit) < 0 ? this : new ItemsRequest(endpoint, items, limit, caller);
    }
}
