package dev.augur.config;

import static dev.augur.setting.Section.Range.between;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.augur.access.AccessConfig;
import dev.augur.access.Grants;
import dev.augur.http.HttpConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings of who may ask. */
final class AccessSettings {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|::1|(0{1,4}:){7}0{0,3}1", Pattern.CASE_INSENSITIVE);
    private static final String NONE = "none";

    private AccessSettings() {}

    static AccessConfig read(ConfigReader reader, HttpConfig http, boolean serves) {
        boolean open = reader.none("access");
        var keys = reader.optionalPath("access.keys");
        var config = new AccessConfig(open, keys, tokens(reader), certified(reader, http));
        if (open && config.isChecked()) {
            reader.problem("access", "none, but access.keys, access.jwt or access.certificates is set too");
        }
        if (!open && !config.isChecked()) {
            if (serves) {
                requireLoopback(reader, "http.host", http.listener());
            }
            http.management().ifPresent(management -> {
                boolean own = !management.host().equals(http.listener().host());
                if (own || !serves) {
                    requireLoopback(reader, own ? ManagementSettings.HOST : "http.host", management);
                }
            });
        }
        return config;
    }

    private static void requireLoopback(ConfigReader reader, String key, HttpConfig.Listener listener) {
        if (!isLoopback(listener.host())) {
            reader.problem(
                    key,
                    "other machines can reach " + listener.host()
                            + ", so it has to be said who may ask: access.keys (made by ./run.sh key create), access.jwt,"
                            + " or access: none for everybody");
        }
    }

    private static Optional<Grants> certified(ConfigReader reader, HttpConfig http) {
        var scopes = reader.list("access.certificates", List.of());
        Grants.unknown(scopes)
                .ifPresent(scope -> reader.problem(
                        "access.certificates", "\"" + scope + "\" is not allowed, expected " + Grants.EXPECTED));
        boolean shown = http.security()
                .tls()
                .filter(tls -> tls.client() != HttpConfig.ClientCertificate.NONE)
                .isPresent();
        if (!scopes.isEmpty() && !shown) {
            reader.problem("access.certificates", "without http.tls.client-certificate nobody shows a certificate");
        }
        return scopes.isEmpty() ? Optional.empty() : Optional.of(Grants.known(scopes));
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    private static Optional<AccessConfig.Tokens> tokens(ConfigReader reader) {
        String jwks = reader.text("access.jwt.jwks", NONE);
        var secret = reader.optionalPath("access.jwt.secret-file");
        var refresh = reader.duration("access.jwt.refresh", ofMinutes(10), between(ofSeconds(10), Duration.ofDays(1)));
        String issuer = reader.text("access.jwt.issuer", NONE);
        var audience = reader.list("access.jwt.audience", List.of());
        var leeway = reader.duration("access.jwt.leeway", ofSeconds(30), between(Duration.ZERO, ofMinutes(10)));
        if (!jwks.equals(NONE) && secret.isPresent()) {
            reader.problem("access.jwt", "jwks and secret-file exclude each other");
        }
        if (jwks.equals(NONE) && secret.isEmpty()) {
            if (!issuer.equals(NONE) || !audience.isEmpty()) {
                reader.problem("access.jwt", "expected jwks or secret-file: without one no token can be checked");
            }
            return Optional.empty();
        }
        var source = secret.map(file -> new AccessConfig.Source(file, /* url= */ null, /* secret= */ true, refresh))
                .orElseGet(() -> keySet(reader, jwks, refresh));
        return Optional.of(new AccessConfig.Tokens(source, issuer.equals(NONE) ? null : issuer, audience, leeway));
    }

    private static AccessConfig.Source keySet(ConfigReader reader, String jwks, Duration refresh) {
        var url = url(jwks);
        if (url == null) {
            var file = reader.optionalPath("access.jwt.jwks").orElse(Path.of(jwks));
            return new AccessConfig.Source(file, /* url= */ null, /* secret= */ false, refresh);
        }
        if (!url.getScheme().equals("https") && !isLoopback(String.valueOf(url.getHost()))) {
            reader.problem("access.jwt.jwks", "whoever is on the way could change keys: expected https://");
        }
        return new AccessConfig.Source(/* file= */ null, url, /* secret= */ false, refresh);
    }

    private static @Nullable URI url(String text) {
        try {
            return text.startsWith("http://") || text.startsWith("https://") ? new URI(text) : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
