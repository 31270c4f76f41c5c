package dev.augur.error;

/**
 * Every way in which a request can fail, from the caller's point of view. The set is closed; records name them.
 * Thread-safe.
 */
public enum ErrorCode {
    /** The request cannot be right, however often it is repeated. */
    INVALID_ARGUMENT,
    /** No such path, model or version. */
    NOT_FOUND,
    /** The path exists, the method on it does not. */
    METHOD_NOT_ALLOWED,
    /** A body, a header or a request line above its limit. */
    TOO_LARGE,
    /** A content type or content encoding that is not served. */
    UNSUPPORTED_MEDIA_TYPE,
    /** The request's body did not arrive in time. */
    REQUEST_TIMEOUT,
    /** All workers busy and the queue in front of them full; try again later. */
    OVERLOADED,
    /** Starting, draining, or what is asked for is not loaded here; try again later or elsewhere. */
    NOT_READY,
    /** The feature store did not answer with what the model needs. */
    FEATURES_UNAVAILABLE,
    /** The time the caller gave has passed. */
    DEADLINE_EXCEEDED,
    /** The caller left before the answer; nobody reads this one. */
    CANCELLED,
    /** The model ran and failed, or its result cannot be expressed. */
    PREDICTION_FAILED,
    /** A fault of the server. */
    INTERNAL,
    /** What is asked for cannot be used until somebody mends it; trying again does not help. */
    UNAVAILABLE,
    /** Nobody knows who asks: no key or token, or one that is not good. */
    UNAUTHENTICATED,
    /** It is known who asks, who may not. */
    PERMISSION_DENIED
}
