package dev.augur.feature.http;

import dev.augur.feature.FeatureStoreKind;
import dev.augur.feature.remote.RemoteSettings;
import dev.augur.feature.remote.Secret;
import dev.augur.feature.remote.SecretFile;
import dev.augur.setting.Section;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kind {@code http}: features in the JSON of an HTTP server. Thread-safe. */
public final class HttpStoreKind implements FeatureStoreKind {
    private static final String FILES = "header-files";
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7E]*");
    private static final Section.Range<Long> ANSWERS = new Section.Range<>(1L, 1L << 30);

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Opening read(Section settings) {
        var url = url(settings);
        var headers = headers(settings);
        var pointers = settings.map("pointers");
        long maxBytes = settings.bytes("max-answer", HttpStoreConfig.Responses.DEFAULT.maxBytes(), ANSWERS);
        var responses = new HttpStoreConfig.Responses((int) maxBytes, RemoteSettings.authority(settings));
        var limits = RemoteSettings.limitsOfOne(settings);
        if (url == null) {
            return Opening.none();
        }
        try {
            var config = new HttpStoreConfig(settings.name(), url, headers, pointers, responses, limits);
            return (vertx, workers) -> new HttpFeatureStore(vertx, config);
        } catch (IllegalArgumentException e) {
            settings.problem("pointers", String.valueOf(e.getMessage()));
            return Opening.none();
        }
    }

    private static @Nullable UrlTemplate url(Section settings) {
        String text = settings.text("url");
        try {
            return text.isEmpty() ? null : UrlTemplate.of(text);
        } catch (IllegalArgumentException e) {
            settings.problem("url", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static Map<String, Secret> headers(Section settings) {
        var headers = new LinkedHashMap<String, Secret>();
        settings.map("headers").forEach((name, value) -> headers.put(name, new Secret(value)));
        settings.paths(FILES).forEach((name, file) -> {
            if (headers.containsKey(name)) {
                settings.problem(FILES, "\"" + name + "\" stands among headers as well");
            }
            SecretFile.read(settings, FILES, file).ifPresent(value -> headers.put(name, value));
        });
        headers.forEach((name, value) -> {
            if (!HEADER_NAME.matcher(name).matches()
                    || !HEADER_VALUE.matcher(value.value()).matches()) {
                settings.problem("headers", "\"" + name + "\" or its value is not allowed in a header of HTTP");
            }
        });
        return headers;
    }
}
