package dev.augur.predictionlog.reading;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a log. Immutable, thread-safe.
 *
 * @param limit records, at least 1; there may be fewer even though there are more to come
 * @param bytes what their lines may take, but for the last
 * @param from where to go on; empty for the newest
 * @param except writers that somebody else is asked for
 */
public record PageQuestion(RecordFilter filter, int limit, long bytes, Optional<PagePlace> from, Set<String> except) {
    public PageQuestion {
        except = Set.copyOf(except);
    }

    /** Of all writers there are. */
    public static PageQuestion of(RecordFilter filter, int limit, @Nullable PagePlace from) {
        return new PageQuestion(filter, limit, Page.MAX_BYTES, Optional.ofNullable(from), Set.of());
    }
}
