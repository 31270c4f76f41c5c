package dev.augur.predictionlog;

import org.jspecify.annotations.Nullable;

/**
 * Whose request it is and what its client tells of it, for the record. Immutable, thread-safe.
 *
 * @param requestId what it calls the request
 * @param traceId the trace of the request (W3C Trace Context): 32 hexadecimal digits
 * @param replayOf the record whose inputs it sends again
 * @param principal the name of the key, or the subject of the token, that it came with
 */
public record Origin(
        @Nullable String requestId, @Nullable String traceId, @Nullable String replayOf, @Nullable String principal) {
    /** That of a client which tells nothing. */
    public static final Origin UNKNOWN = new Origin(null, null, null, null);

    /** The same, with the id that stands in the request's body, if one does: it goes before that of a header. */
    public Origin named(@Nullable String id) {
        return id == null || id.isEmpty() ? this : new Origin(id, traceId, replayOf, principal);
    }

    /** The same of somebody who is known. */
    public Origin by(@Nullable String name) {
        return new Origin(requestId, traceId, replayOf, name);
    }
}
