package dev.augur.request;

import dev.augur.error.ErrorCode;
import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * How failures are told over HTTP; the only place that knows the status of an error code. On the event bus it is the
 * failure code. Thread-safe.
 */
public final class HttpStatus {
    private static final int OK = 200;
    private static final int UNPROCESSABLE = 422;

    private HttpStatus() {}

    /** The status of each code; see {@link #of(boolean, ServingException)}. */
    public static int of(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case REQUEST_TIMEOUT -> 408;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case OVERLOADED -> 429;
            case CANCELLED -> 499;
            case PREDICTION_FAILED, INTERNAL -> 500;
            case NOT_READY, FEATURES_UNAVAILABLE, UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
        };
    }

    /** Every status that a request with a body may end with, whoever asks. */
    public static Set<Integer> all() {
        var all = new TreeSet<>(Set.of(OK, UNPROCESSABLE));
        var others = EnumSet.of(ErrorCode.METHOD_NOT_ALLOWED, ErrorCode.UNAUTHENTICATED, ErrorCode.PERMISSION_DENIED);
        EnumSet.complementOf(others).forEach(code -> all.add(of(code)));
        return all;
    }

    /**
     * The status of a failure: that of its code, or 422 where fields of a typed request do not validate.
     *
     * @param protocol whether it was a request of the Open Inference Protocol
     */
    public static int of(boolean protocol, ServingException failure) {
        boolean fields = !protocol && !failure.fieldErrors().isEmpty() && !InvalidJson.is(failure);
        return fields ? UNPROCESSABLE : of(failure.code());
    }

    /** Whether the same request may succeed a little later. */
    public static boolean retryHelps(ErrorCode code) {
        return switch (code) {
            case OVERLOADED, NOT_READY, FEATURES_UNAVAILABLE -> true;
            default -> false;
        };
    }

    /** What a fault of the server is told as: nothing of it. */
    public static ServingException hidden() {
        return new ServingException(ErrorCode.INTERNAL, "Internal Server Error");
    }

    /** The body of an error, in the words of the protocol or of the typed routes. */
    public static JsonObject body(boolean protocol, ServingException failure) {
        if (protocol) {
            return new JsonObject().put("error", failure.getMessage());
        }
        if (failure.fieldErrors().isEmpty()) {
            return new JsonObject().put("detail", failure.getMessage());
        }
        var details = new JsonArray();
        failure.fieldErrors().forEach(error -> details.add(detail(error)));
        return new JsonObject().put("detail", details);
    }

    private static JsonObject detail(FieldError error) {
        return new JsonObject()
                .put("type", error.type())
                .put("loc", new JsonArray(error.location()))
                .put("msg", error.message())
                .put("input", error.input());
    }
}
