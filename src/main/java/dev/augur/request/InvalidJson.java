package dev.augur.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import dev.augur.protocol.JsonFault;
import java.util.List;
import java.util.Map;

/**
 * A body that is no JSON, as FastAPI says it. It is told from a field that does not validate by its type. Thread-safe.
 */
public final class InvalidJson {
    private static final String TYPE = "json_invalid";

    private InvalidJson() {}

    /** What the parser refuses. */
    public static ServingException of(JsonProcessingException fault) {
        var place = fault.getLocation();
        return at(place == null ? 0 : Math.max(place.getCharOffset(), place.getByteOffset()), JsonFault.text(fault));
    }

    /**
     * The failure at one place.
     *
     * @param offset characters before the fault
     */
    public static ServingException at(long offset, String fault) {
        return ServingException.invalidFields(List.of(
                new FieldError(TYPE, List.of("body", Math.max(offset, 0)), "JSON decode error: " + fault, Map.of())));
    }

    /** Whether it is such a failure. */
    public static boolean is(ServingException failure) {
        return failure.fieldErrors().stream().anyMatch(error -> error.type().equals(TYPE));
    }
}
