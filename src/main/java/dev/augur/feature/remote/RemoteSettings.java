package dev.augur.feature.remote;

import dev.augur.setting.Section;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings that stores on other machines have in common. Thread-safe. */
public final class RemoteSettings {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,255}");
    private static final Section.Range<Integer> PORTS = new Section.Range<>(1, 65_535);
    private static final Section.Range<Integer> CONNECTIONS = new Section.Range<>(1, 1_000);
    private static final Section.Range<Integer> WAITING = new Section.Range<>(1, 1_000_000);
    private static final Section.Range<Integer> KEYS = new Section.Range<>(1, 10_000);
    private static final Section.Range<Long> KEY_BYTES = new Section.Range<>(1L, 1L << 20);
    private static final Section.Range<Long> VALUE_BYTES = new Section.Range<>(1L, 1L << 29);
    private static final Section.Range<Duration> TIMES =
            new Section.Range<>(Duration.ofMillis(1), Duration.ofMinutes(1));

    private RemoteSettings() {}

    /** {@code host}: a name or an address. */
    public static String host(Section settings) {
        String host = settings.text("host");
        if (!host.isEmpty() && !HOST.matcher(host).matches()) {
            settings.problem("host", "expected the name or the address of a machine");
        }
        return host;
    }

    /** {@code port}. */
    public static int port(Section settings, int defaultValue) {
        return settings.integer("port", defaultValue, PORTS);
    }

    /**
     * {@code connections}, {@code waiting}, {@code max-key-size} and {@code fetch-timeout} of a store that is asked for
     * one entity at a time.
     */
    public static RemoteLimits limitsOfOne(Section settings) {
        var standard = RemoteLimits.DEFAULT;
        return new RemoteLimits(
                settings.integer("connections", standard.connections(), CONNECTIONS),
                settings.integer("waiting", standard.waiting(), WAITING),
                /* maxKeys= */ 1,
                (int) settings.bytes("max-key-size", standard.maxKeyBytes(), KEY_BYTES),
                settings.duration("fetch-timeout", standard.patience(), TIMES));
    }

    /** The same, {@code max-keys} and {@code max-value-size}. */
    public static RemoteLimits limits(Section settings) {
        int maxKeys = settings.integer("max-keys", RemoteLimits.DEFAULT.maxKeys(), KEYS);
        long maxValue = settings.bytes("max-value-size", RemoteLimits.DEFAULT.maxValueBytes(), VALUE_BYTES);
        return limitsOfOne(settings).withMaxKeys(maxKeys).withMaxValueBytes((int) maxValue);
    }

    /** {@code ca-file}: a PEM file that can be read; {@code null} when there is none. */
    public static @Nullable Path authority(Section settings) {
        var file = settings.optionalPath("ca-file");
        if (file.isPresent() && !Files.isReadable(file.get())) {
            settings.problem("ca-file", "\"" + file.get() + "\" cannot be read");
        }
        return file.orElse(null);
    }

    /** The secret under that key, or the content of the file under the key with {@code -file} behind it. */
    public static Optional<Secret> secret(Section settings, String key) {
        var given = Optional.of(settings.text(key, "")).filter(text -> !text.isEmpty());
        var file = settings.optionalPath(key + "-file");
        if (given.isPresent() && file.isPresent()) {
            settings.problem(key + "-file", "there is " + key + " as well, expected only one of the two");
        }
        return given.isPresent()
                ? given.map(Secret::new)
                : file.flatMap(path -> SecretFile.read(settings, key + "-file", path));
    }
}
