package dev.augur.serving;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the headers of requests, those of HTTP and those of messages. Thread-safe. */
public final class Headers {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s)?");

    private Headers() {}

    /** The value of a header that may be given once; twice is refused with this code. */
    public static @Nullable String single(MultiMap headers, CharSequence name, ErrorCode code) {
        var values = headers.getAll(name);
        if (values.size() > 1) {
            throw new ServingException(code, "the header " + name + " is given " + values.size() + " times");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /**
     * How long a client waits, {@code 250ms} or {@code 2s}; a plain number is milliseconds. Empty where it does not say.
     *
     * @throws ServingException {@code INVALID_ARGUMENT} for any other text
     */
    public static Optional<Duration> time(MultiMap headers, String name) {
        String header = single(headers, name, ErrorCode.INVALID_ARGUMENT);
        if (header == null) {
            return Optional.empty();
        }
        var matcher = TIME.matcher(header.trim());
        if (!matcher.matches()) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT, name + " must be a time such as 250ms or 2s, found \"" + header + "\"");
        }
        long number = Long.parseLong(matcher.group(1));
        return Optional.of("s".equals(matcher.group(2)) ? Duration.ofSeconds(number) : Duration.ofMillis(number));
    }
}
