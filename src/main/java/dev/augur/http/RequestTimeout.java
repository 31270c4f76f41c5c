package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceRequest;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code X-Request-Timeout}: how long the client waits, {@code 250ms} or {@code 2s}; a plain number is milliseconds. Thread-safe. */
final class RequestTimeout {
    private static final String HEADER = "X-Request-Timeout";
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s)?");

    private RequestTimeout() {}

    /** The request with the shorter of its own time and that of the header. */
    static InferenceRequest apply(HttpServerRequest http, InferenceRequest request) {
        return of(http).map(request::within).orElse(request);
    }

    /** The time of the header, if there is one. */
    static Optional<Duration> of(HttpServerRequest http) {
        String header = BodyContent.single(http, HEADER, ErrorCode.INVALID_ARGUMENT);
        if (header == null) {
            return Optional.empty();
        }
        var matcher = TIME.matcher(header.trim());
        if (!matcher.matches()) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    HEADER + " must be a time such as 250ms or 2s, found \"" + header + "\"");
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of("s".equals(matcher.group(2)) ? Duration.ofSeconds(number) : Duration.ofMillis(number));
    }
}
