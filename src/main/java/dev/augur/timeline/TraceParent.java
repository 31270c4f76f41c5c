package dev.augur.timeline;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code traceparent} (W3C Trace Context), of HTTP and of messages. Immutable.
 *
 * @param traceId the trace a request belongs to, 32 hexadecimal digits
 * @param parentId who in it has sent the request, 16 hexadecimal digits
 * @param sampled whether its sender keeps it
 */
public record TraceParent(String traceId, String parentId, boolean sampled) {
    /** Its name. */
    public static final String HEADER = "traceparent";

    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]([0-9a-f])(-.*)?");

    /** {@code null} where a header is absent, or not as it should be. */
    public static @Nullable TraceParent parse(@Nullable String header) {
        if (header == null) {
            return null;
        }
        var matcher = FORM.matcher(header.trim());
        return matcher.matches()
                ? new TraceParent(
                        matcher.group(1),
                        matcher.group(2),
                        Character.digit(matcher.group(3).charAt(0), 16) % 2 == 1)
                : null;
    }
}
