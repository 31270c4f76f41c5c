package dev.augur.request;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.Origin;
import dev.augur.timeline.TraceParent;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the headers of requests, those of HTTP and those of messages. Thread-safe. */
public final class Headers {
    /** The name a client gives to its request; it comes back with the answer. */
    public static final String REQUEST_ID = "X-Request-Id";

    /** In messages of the event bus: who asked, which their sender has made sure of. */
    public static final String PRINCIPAL = "principal";

    /** The record whose inputs a request sends again. */
    public static final String REPLAY_OF = "X-Replay-Of";

    // Each request is asked for these; a text would be hashed each time.
    private static final CharSequence NAME = HttpHeaders.createOptimized(REQUEST_ID);
    private static final CharSequence BARE_NAME = HttpHeaders.createOptimized("Request-Id"); // also in messages
    private static final CharSequence REPLAYED = HttpHeaders.createOptimized(REPLAY_OF);
    private static final CharSequence TRACE_PARENT = HttpHeaders.createOptimized(TraceParent.HEADER);

    private static final Pattern RECORD_ID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern REQUEST_ID_FORM = Pattern.compile("[\\x21-\\x7E]{1,128}");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s)");

    private Headers() {}

    /** The value of a header that may be given once; twice is refused with this code. */
    public static @Nullable String single(MultiMap headers, CharSequence name, ErrorCode code) {
        if (!headers.contains(name)) { // as most are not
            return null;
        }
        var values = headers.getAll(name);
        if (values.size() > 1) {
            throw new ServingException(code, "the header " + name + " is given " + values.size() + " times");
        }
        return values.get(0);
    }

    /** What a client tells of its request; what is not in the form it should have counts as not told. */
    public static Origin origin(MultiMap headers) {
        return origin(headers, requestId(headers));
    }

    /** The same of a request that has this name. */
    public static Origin origin(MultiMap headers, @Nullable String requestId) {
        String record = headers.get(REPLAYED);
        return new Origin(
                requestId,
                traceId(headers),
                record != null && RECORD_ID_FORM.matcher(record).matches() ? record : null,
                /* principal= */ null);
    }

    /** Where it stands in its trace; {@code null} where it names none, or not as it should. */
    public static @Nullable TraceParent traceParent(MultiMap headers) {
        return TraceParent.parse(headers.get(TRACE_PARENT));
    }

    private static @Nullable String traceId(MultiMap headers) {
        var parent = traceParent(headers);
        return parent == null ? null : parent.traceId();
    }

    /**
     * What the client calls its request, in {@code X-Request-Id} or {@code Request-Id}: up to 128 visible characters of
     * ASCII; {@code null} if it says nothing, or anything else.
     */
    public static @Nullable String requestId(MultiMap headers) {
        String id = headers.contains(NAME) ? headers.get(NAME) : headers.get(BARE_NAME);
        return id != null && REQUEST_ID_FORM.matcher(id).matches() ? id : null;
    }

    /**
     * How long a client waits, {@code 250ms} or {@code 2s}. Empty where it does not say.
     *
     * @throws ServingException {@code INVALID_ARGUMENT} for any other text, also for a number without a unit: callers
     *     that wrote one meant seconds as often as milliseconds
     */
    public static Optional<Duration> time(MultiMap headers, CharSequence name) {
        String header = single(headers, name, ErrorCode.INVALID_ARGUMENT);
        return header == null ? Optional.empty() : Optional.of(time(name.toString(), header));
    }

    /**
     * A time that a client gives in its form.
     *
     * @param name what it is called there
     * @throws ServingException {@code INVALID_ARGUMENT} for any other text
     */
    public static Duration time(String name, String text) {
        var matcher = TIME.matcher(text.trim());
        if (!matcher.matches()) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    name + " must be a time with its unit, ms or s, such as 250ms or 2s, found \"" + text + "\"");
        }
        long number = Long.parseLong(matcher.group(1));
        return "s".equals(matcher.group(2)) ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    }
}
