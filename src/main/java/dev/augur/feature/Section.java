package dev.augur.feature;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one feature store, read by name. A value that is not allowed becomes a problem that is reported with all others, and
 * the default, or an empty text, is given instead; so nothing here throws, and a setting that is not read is reported as unknown. Confined to the thread
 * that reads the configuration.
 */
public interface Section {
    /** The name that the configuration gives the store. */
    String name();

    /** A text that has to be there. */
    String text(String key);

    String text(String key, String defaultValue);

    /** A path that has to be there; a relative one is relative to where the configuration says. */
    Path path(String key);

    /** The same for a path that need not be there. */
    Optional<Path> optionalPath(String key);

    /** One of the constants, written in small letters with hyphens. */
    <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue);

    boolean flag(String key, boolean defaultValue);

    /** An integer within a range, both ends included. */
    int integer(String key, int defaultValue, Range<Integer> allowed);

    /** A number of bytes, written as {@code 64MiB} for example. */
    long bytes(String key, long defaultValue, Range<Long> allowed);

    /** A time, written as {@code 500ms} for example. */
    Duration duration(String key, Duration defaultValue, Range<Duration> allowed);

    /** Texts; none if the setting is not there. */
    List<String> list(String key);

    /** Texts by name; none if the setting is not there. */
    Map<String, String> map(String key);

    /** Feature values by name: a {@code Long}, {@code Double} or {@code Boolean} where the text is one, else the text. */
    Map<String, Object> values(String key);

    /** Reports what the methods above cannot see, such as two settings that exclude each other. */
    void problem(String key, String problem);

    /** What a value may be. */
    record Range<T extends Comparable<T>>(T min, T max) {}
}
