package dev.augur.config;

import dev.augur.feature.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of one feature store, out of the whole configuration. Confined to the thread that reads the configuration. */
final class ConfigSection implements Section {
    private final String name;
    private final ConfigReader reader;

    ConfigSection(String name, ConfigReader reader) {
        this.name = name;
        this.reader = reader;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String text(String key) {
        return reader.requiredText(key);
    }

    @Override
    public String text(String key, String defaultValue) {
        return reader.text(key, defaultValue);
    }

    @Override
    public Path path(String key) {
        String text = reader.requiredText(key);
        return text.isEmpty() ? Path.of("") : reader.path(key, "");
    }

    @Override
    public Optional<Path> optionalPath(String key) {
        return Optional.of(reader.path(key, "")).filter(path -> !path.toString().isEmpty());
    }

    @Override
    public <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue) {
        return reader.choice(key, type, defaultValue);
    }

    @Override
    public boolean flag(String key, boolean defaultValue) {
        return reader.flag(key, defaultValue);
    }

    @Override
    public int integer(String key, int defaultValue, Range<Integer> allowed) {
        return reader.integer(key, defaultValue, allowed.min(), allowed.max());
    }

    @Override
    public long bytes(String key, long defaultValue, Range<Long> allowed) {
        return reader.bytes(key, String.valueOf(defaultValue), allowed.min(), allowed.max());
    }

    @Override
    public Duration duration(String key, Duration defaultValue, Range<Duration> allowed) {
        return reader.duration(key, defaultValue.toMillis() + "ms", allowed.min(), allowed.max());
    }

    @Override
    public List<String> list(String key) {
        return reader.list(key, List.of());
    }

    @Override
    public Map<String, String> map(String key) {
        return reader.texts(key);
    }

    @Override
    public Map<String, Object> values(String key) {
        return FeatureValues.of(reader.texts(key));
    }

    @Override
    public void problem(String key, String problem) {
        reader.problem(key, problem);
    }
}
