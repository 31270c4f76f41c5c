package dev.augur.setting;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A section of the configuration, whose settings are read by name: each by one call, which says its default and what is
 * allowed. A value that is not allowed becomes a problem that is reported with all others, and the default, or an empty
 * text, is given instead; so nothing here throws, and a setting that is not read is reported as unknown. Confined to
 * the thread that reads the configuration.
 */
public interface Section {
    /** The name of the section, without those above it. */
    String name();

    /** A text that has to be there; empty if it is not. */
    String text(String key);

    String text(String key, String defaultValue);

    /**
     * A path that has to be there; a relative one is relative to the file it stands in, or to the working folder if it
     * is an override.
     */
    Path path(String key);

    /** The same for a path that need not be there. */
    Optional<Path> optionalPath(String key);

    /** One of the constants, written in small letters with hyphens. */
    <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue);

    boolean flag(String key, boolean defaultValue);

    int integer(String key, int defaultValue, Range<Integer> allowed);

    /** A number of bytes, written as {@code 64MiB} for example. */
    long bytes(String key, long defaultValue, Range<Long> allowed);

    /** A time, written as {@code 500ms} for example. */
    Duration duration(String key, Duration defaultValue, Range<Duration> allowed);

    List<String> list(String key, List<String> defaultValue);

    /** Texts by name; none if the setting is not there. */
    Map<String, String> map(String key);

    /** Paths by name; none if the setting is not there. */
    Map<String, Path> paths(String key);

    /**
     * Feature values by name: a {@code Long}, {@code Double} or {@code Boolean} where the text is one, else the text.
     */
    Map<String, Object> values(String key);

    /** Reports what the methods above cannot see, such as two settings that exclude each other. */
    void problem(String key, String problem);

    /** What a value may be, both ends included. */
    record Range<T extends Comparable<T>>(T min, T max) {
        public boolean holds(T value) {
            return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
        }

        public static <T extends Comparable<T>> Range<T> between(T min, T max) {
            return new Range<>(min, max);
        }
    }
}
