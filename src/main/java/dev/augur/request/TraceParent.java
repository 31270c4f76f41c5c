package dev.augur.request;

import io.vertx.core.MultiMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code traceparent} (W3C Trace Context), of HTTP and of messages. Thread-safe. */
final class TraceParent {
    private static final String HEADER = "traceparent";
    private static final String NO_TRACE = "0".repeat(32);
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

    private TraceParent() {}

    /** The trace a request belongs to, 32 hexadecimal digits; {@code null} where it names none, or not as it should. */
    static @Nullable String traceId(MultiMap headers) {
        String header = headers.get(HEADER);
        if (header == null) {
            return null;
        }
        var matcher = FORM.matcher(header.trim());
        return matcher.matches() && !matcher.group(1).equals(NO_TRACE) ? matcher.group(1) : null;
    }
}
