package dev.augur.feature.redis;

import dev.augur.feature.FeatureStoreKind;
import dev.augur.feature.remote.RemoteSettings;
import dev.augur.setting.Section;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kind {@code redis}: features in hashes of Redis. Thread-safe. */
public final class RedisStoreKind implements FeatureStoreKind {
    private static final int PORT = 6379;
    private static final Section.Range<Integer> DATABASES = new Section.Range<>(0, 1_000_000);
    private static final Map<String, FieldType> TYPES = Stream.of(FieldType.values())
            .collect(Collectors.toUnmodifiableMap(type -> type.name().toLowerCase(Locale.ROOT), type -> type));

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Opening read(Section settings) {
        var connect = connect(settings);
        String keyTemplate = settings.text("key-template");
        var fields = fields(settings);
        var limits = RemoteSettings.limits(settings);
        try {
            var config = new RedisStoreConfig(settings.name(), connect, keyTemplate, fields, limits);
            return (vertx, workers) -> new RedisFeatureStore(vertx, config);
        } catch (IllegalArgumentException e) {
            if (!keyTemplate.isEmpty()) { // that it is not there has been said
                settings.problem("key-template", String.valueOf(e.getMessage()));
            }
            return Opening.none();
        }
    }

    private static RedisConnectConfig connect(Section settings) {
        String user = settings.text("user", "");
        var password = RemoteSettings.secret(settings, "password");
        if (!user.isEmpty() && password.isEmpty()) {
            settings.problem("user", "expected a password or a password-file for this user");
        }
        return new RedisConnectConfig(
                RemoteSettings.host(settings),
                RemoteSettings.port(settings, PORT),
                settings.integer("database", 0, DATABASES),
                user.isEmpty() ? null : user,
                password.orElse(null),
                settings.flag("tls", false),
                RemoteSettings.authority(settings));
    }

    private static Map<String, FieldType> fields(Section settings) {
        var fields = new LinkedHashMap<String, FieldType>();
        settings.map("fields").forEach((name, text) -> {
            var type = TYPES.get(text);
            if (type == null) {
                settings.problem(
                        "fields",
                        "\"" + text + "\" is not allowed for \"" + name + "\", expected one of "
                                + TYPES.keySet().stream().sorted().toList());
            } else {
                fields.put(name, type);
            }
        });
        return fields;
    }
}
