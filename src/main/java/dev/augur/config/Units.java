package dev.augur.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers, sizes and times as they stand in a configuration; what cannot be read gives {@code null}. Thread-safe. */
final class Units {
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})(KiB|MiB|GiB|TiB)?");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)(ms|s|m|h|d)");
    private static final Map<String, Long> BYTES =
            Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    static final long KIB = 1L << 10;
    static final long MIB = 1L << 20;
    static final long GIB = 1L << 30;

    private Units() {}

    /** A size in the largest unit that it is a whole number of. */
    static String text(long bytes) {
        return text(bytes, BYTES, "");
    }

    /** A time in the largest unit that it is a whole number of. */
    static String text(Duration time) {
        return text(time.toMillis(), MILLIS, "ms");
    }

    private static String text(long count, Map<String, Long> units, String smallest) {
        if (count == 0) {
            return "0";
        }
        return units.entrySet().stream()
                .filter(unit -> count % unit.getValue() == 0)
                .max(Map.Entry.comparingByValue())
                .map(unit -> count / unit.getValue() + unit.getKey())
                .orElse(count + smallest);
    }

    static @Nullable Long integer(String text) {
        return INTEGER.matcher(text).matches() ? Long.valueOf(text) : null;
    }

    static @Nullable Long bytes(String text) {
        var matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long unit = matcher.group(2) == null ? 1 : BYTES.getOrDefault(matcher.group(2), 1L);
        long count = Long.parseLong(matcher.group(1));
        return count > Long.MAX_VALUE / unit ? null : Long.valueOf(count * unit);
    }

    static @Nullable Duration duration(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        var matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        var unit = BigDecimal.valueOf(MILLIS.getOrDefault(matcher.group(2), 1L));
        return Duration.ofMillis(new BigDecimal(matcher.group(1)).multiply(unit).longValue());
    }
}
