package dev.augur.client;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a node is asked over HTTP, and how the client shows who it is. Immutable but for the options, thread-safe.
 *
 * @param url {@code http://host:8000} or {@code https://host:8000}, with the path below which its routes are
 * @param key a key or a token of the server; {@code null} where everybody may ask
 * @param options those of Vert.x's HTTP client: proxies, pools, TLS
 */
public record Endpoint(URI url, @Nullable String key, HttpClientOptions options) {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    public Endpoint {
        String scheme = String.valueOf(url.getScheme());
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            throw new IllegalArgumentException("expected http://host:port or https://host:port, found \"" + url + "\"");
        }
    }

    /** A node that everybody may ask, as the machine's own authorities certify it. */
    public static Endpoint of(String url) {
        return new Endpoint(URI.create(url), /* key= */ null, new HttpClientOptions());
    }

    /** The same, with a key of {@code ./run.sh key create}, or a token. */
    public Endpoint withKey(String shown) {
        return new Endpoint(url, shown, options);
    }

    /** The same, certified by one of the authorities in that file of PEM. */
    public Endpoint trusting(String pemFile) {
        var changed = new HttpClientOptions(options).setTrustOptions(new PemTrustOptions().addCertPath(pemFile));
        return new Endpoint(url, key, changed);
    }

    /** The same, asked with this certificate, files of PEM. */
    public Endpoint showing(String certificateFile, String keyFile) {
        var shown = new PemKeyCertOptions().addCertPath(certificateFile).addKeyPath(keyFile);
        return new Endpoint(url, key, new HttpClientOptions(options).setKeyCertOptions(shown));
    }

    boolean secure() {
        return "https".equals(url.getScheme());
    }

    int port() {
        return url.getPort() >= 0 ? url.getPort() : secure() ? HTTPS_PORT : HTTP_PORT;
    }

    /** Without a slash at its end. */
    String basePath() {
        String path = url.getRawPath();
        return path == null ? "" : path.replaceFirst("/+$", "");
    }

    /** Without the key. */
    @Override
    public String toString() {
        return url.toString();
    }
}
