package dev.augur.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One fault of one field of a request, in the terms FastAPI uses. Thread-safe.
 *
 * @param type machine-readable kind, such as {@code missing} or {@code int_type}
 * @param location where: {@code ["body", "item_id"]}
 * @param message what was expected, in words
 * @param input what was found, as plain JSON values; {@code null} for JSON's null or nothing
 */
public record FieldError(String type, List<Object> location, String message, @Nullable Object input) {
    public FieldError {
        location = List.copyOf(location);
    }
}
