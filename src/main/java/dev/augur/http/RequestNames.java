package dev.augur.http;

import dev.augur.request.Headers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Names for requests whose clients give them none: letters and digits of this start, and a number. Confined to one
 * event loop.
 */
final class RequestNames {
    private static final int RANDOM_BYTES = 6;
    private static final int RADIX = 36;

    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(Headers.REQUEST_ID);
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NO_SNIFFING = HttpHeaders.createOptimized("nosniff");

    private final String start;
    private long made;

    RequestNames() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        start = HexFormat.of().formatHex(random) + "-";
    }

    /** What the client calls its request, or a new name. */
    String of(HttpServerRequest request) {
        String given = Headers.requestId(request.headers());
        return given == null ? start + Long.toString(made++, RADIX) : given;
    }

    /** Writes what every answer tells: the request's name, and that its content is of the type it says. */
    static void tell(MultiMap answer, String name) {
        answer.set(REQUEST_ID, name).set(CONTENT_TYPE_OPTIONS, NO_SNIFFING);
    }
}
