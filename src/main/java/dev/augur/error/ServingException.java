package dev.augur.error;

import java.util.List;

/**
 * An answer the caller is meant to get, in place of a prediction. It has no stack trace: it reports the state of a
 * request, not a fault of the program. Thread-safe.
 */
public final class ServingException extends RuntimeException {
    private final ErrorCode code;
    private final transient List<FieldError> fieldErrors;

    public ServingException(ErrorCode code, String message) {
        this(code, message, List.of());
    }

    private ServingException(ErrorCode code, String message, List<FieldError> fieldErrors) {
        super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.code = code;
        this.fieldErrors = fieldErrors;
    }

    /** A request that is well-formed but has fields that do not validate; at least one error. */
    public static ServingException invalidFields(List<FieldError> errors) {
        var first = errors.get(0);
        return new ServingException(
                ErrorCode.INVALID_ARGUMENT, first.location() + ": " + first.message(), List.copyOf(errors));
    }

    public ErrorCode code() {
        return code;
    }

    /** The fields at fault; empty unless made by {@link #invalidFields}. */
    public List<FieldError> fieldErrors() {
        return fieldErrors;
    }
}
