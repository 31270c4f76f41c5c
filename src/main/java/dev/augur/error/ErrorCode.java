package dev.augur.error;

/**
 * Every way in which a request can fail, from the caller's point of view. The set is closed and the numbers are stable: they
 * travel over the event bus. Thread-safe.
 */
public enum ErrorCode {
    /** The request cannot be right, however often it is repeated. */
    INVALID_ARGUMENT(1),
    /** No such path, model or version. */
    NOT_FOUND(2),
    /** The path exists, the method on it does not. */
    METHOD_NOT_ALLOWED(3),
    /** A body, a header or a request line above its limit. */
    TOO_LARGE(4),
    /** A content type or content encoding that is not served. */
    UNSUPPORTED_MEDIA_TYPE(5),
    /** The request's body did not arrive in time. */
    REQUEST_TIMEOUT(6),
    /** All workers busy and the queue in front of them full; try again later. */
    OVERLOADED(7),
    /** Starting, draining, or what is asked for is not loaded here; try again later or elsewhere. */
    NOT_READY(8),
    /** The feature store did not answer with what the model needs. */
    FEATURES_UNAVAILABLE(9),
    /** The time the caller gave has passed. */
    DEADLINE_EXCEEDED(10),
    /** The caller left before the answer; nobody reads this one. */
    CANCELLED(11),
    /** The model ran and failed, or its result cannot be expressed. */
    PREDICTION_FAILED(12),
    /** A fault of the server. */
    INTERNAL(13);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    /** The number of this code on the event bus; never reused. */
    public int number() {
        return number;
    }
}
