package dev.augur.feature;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The value of one feature and where it comes from. Thread-safe.
 *
 * @param value a {@code Long}, {@code Double}, {@code Boolean} or {@code String}; {@code null} only when
 *     {@code MISSING}
 * @param age time since the store was asked for it; {@code null} for a value that does not come from the store
 */
public record FeatureValue(@Nullable Object value, Status status, @Nullable Duration age) {
    /** There is no such value. */
    static final FeatureValue NONE = new FeatureValue(null, Status.MISSING, null);

    /** Where a value comes from. */
    public enum Status {
        /** Fetched for this request. */
        FRESH,
        /** Fetched for an earlier request, within its time to live. */
        CACHED,
        /** Fetched for an earlier request, past its time to live. */
        STALE,
        /** Configured, since the store has no value or did not answer. */
        DEFAULT,
        /** Given by the request itself. */
        OVERRIDDEN,
        /** Neither the store nor the configuration has one. */
        MISSING
    }
}
