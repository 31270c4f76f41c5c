package dev.augur.http;

import dev.augur.request.InferencePath;
import dev.augur.timeline.ServerTiming;
import io.vertx.core.http.HttpHeaders;

/** Names of headers that each request for a prediction is asked for: a text would be hashed each time. */
final class HeaderNames {
    static final CharSequence FETCH_SITE = HttpHeaders.createOptimized("Sec-Fetch-Site");
    static final CharSequence JSON_LENGTH = HttpHeaders.createOptimized(InferencePath.JSON_LENGTH);
    static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized(ServerTiming.HEADER);
    static final CharSequence TIMEOUT = HttpHeaders.createOptimized("X-Request-Timeout");

    private HeaderNames() {}
}
