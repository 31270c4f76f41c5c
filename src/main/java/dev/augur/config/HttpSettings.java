package dev.augur.config;

import static dev.augur.config.Units.KIB;
import static dev.augur.config.Units.MIB;
import static dev.augur.setting.Section.Range.between;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.augur.http.HttpConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The settings of request heads and of cross-origin requests. */
final class HttpSettings {
    private static final Duration TWO_YEARS = Duration.ofDays(730);
    private static final long MAX_HEAD_BYTES = 16 * MIB;
    private static final Rule ORIGINS = new Rule(
            Pattern.compile("[a-z][a-z0-9+.-]*://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:[0-9]{1,5})?")
                    .asMatchPredicate(),
            "* alone, or origins such as https://shop.example:8443");
    private static final Rule HEADERS =
            new Rule(Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+").asMatchPredicate(), "names of headers");
    private static final List<String> ALL_METHODS = List.of("GET", "HEAD", "POST");
    private static final Rule METHODS = new Rule(ALL_METHODS::contains, "some of " + ALL_METHODS);
    private static final Pattern BASE_PATH = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");
    private static final String ALL = "*";

    /** What each text of a list may be, and how that is said. */
    private record Rule(Predicate<String> allowed, String expected) {}

    private HttpSettings() {}

    static HttpConfig.Heads heads(ConfigReader reader) {
        return new HttpConfig.Heads(
                (int) reader.bytes("http.max-request-line", 16 * KIB, between(KIB, MAX_HEAD_BYTES)),
                (int) reader.bytes("http.max-headers", 64 * KIB, between(KIB, MAX_HEAD_BYTES)),
                reader.duration("http.head-timeout", ofSeconds(30), between(ofMillis(100), ofHours(1))));
    }

    /** Without a slash at its end; nothing for the root. */
    static String basePath(ConfigReader reader) {
        String path = reader.text("http.base-path", "/");
        if (!BASE_PATH.matcher(path).matches()) {
            reader.problem(
                    "http.base-path",
                    "\"" + path
                            + "\" is not allowed, expected / or a path such as /augur, of letters, digits and -_.~");
        }
        return path.equals("/") ? "" : path;
    }

    static HttpConfig.Cors cors(ConfigReader reader) {
        var origins = reader.list("http.cors.origins", List.of());
        if (!origins.equals(List.of(ALL))) {
            require(reader, "http.cors.origins", origins, ORIGINS);
        }
        var headers = reader.list("http.cors.headers", List.of("Content-Type"));
        require(reader, "http.cors.headers", headers, HEADERS);
        var methods = reader.list("http.cors.methods", ALL_METHODS);
        require(reader, "http.cors.methods", methods, METHODS);
        return new HttpConfig.Cors(Set.copyOf(origins), Set.copyOf(headers), Set.copyOf(methods));
    }

    static HttpConfig.Security security(ConfigReader reader) {
        var certificate = reader.optionalPath("http.tls.certificate");
        var key = reader.optionalPath("http.tls.key");
        var authority = reader.optionalPath("http.tls.client-authority");
        var client = reader.choice(
                "http.tls.client-certificate", HttpConfig.ClientCertificate.class, HttpConfig.ClientCertificate.NONE);
        var hsts = reader.duration("http.tls.hsts", Duration.ZERO, between(Duration.ZERO, TWO_YEARS));
        if (!hsts.isZero() && certificate.isEmpty()) {
            reader.problem("http.tls.hsts", "without http.tls.certificate there is no TLS to come over");
        }
        boolean cleartextHttp2 = reader.flag("http.cleartext-http2", true);
        if (certificate.isPresent() != key.isPresent()) {
            reader.problem("http.tls", "expected certificate and key, found one of them");
        }
        boolean asked = client != HttpConfig.ClientCertificate.NONE;
        if (asked != authority.isPresent() || (asked && certificate.isEmpty())) {
            reader.problem(
                    "http.tls",
                    "expected client-certificate (request or required) and client-authority together, with certificate and"
                            + " key");
        }
        Optional<HttpConfig.Tls> tls =
                certificate.flatMap(file -> key.map(secret -> new HttpConfig.Tls(file, secret, authority, client)));
        return new HttpConfig.Security(tls, cleartextHttp2, hsts);
    }

    private static void require(ConfigReader reader, String key, List<String> values, Rule rule) {
        values.stream()
                .filter(rule.allowed().negate())
                .forEach(value -> reader.problem(key, "\"" + value + "\" is not allowed, expected " + rule.expected()));
    }
}
