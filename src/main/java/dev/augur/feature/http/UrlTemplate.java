package dev.augur.feature.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A URL with a place for an entity's key, behind the host: {@code http://host:8080/entities/{id}}. Thread-safe.
 *
 * @param tls whether it is an {@code https} URL
 * @param target path and query, with <code>{id}</code>
 */
public record UrlTemplate(boolean tls, String host, int port, String target) {
    private static final String PLACE = "{id}";
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final String HEX = "0123456789ABCDEF";
    private static final Set<String> MEANS_ANOTHER_PATH = Set.of("", ".", "..");
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int LOW_BITS = 0xF;
    private static final int HALF_BYTE = 4;

    /**
     * The template in this text.
     *
     * @throws IllegalArgumentException when it is not an absolute URL of HTTP with <code>{id}</code> in its path or
     *     query alone
     */
    public static UrlTemplate of(String text) {
        try {
            URI uri = new URI(text.replace(PLACE, "%7Bid%7D"));
            boolean tls = "https".equals(uri.getScheme());
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String target = (uri.getRawPath() + query).replace("%7Bid%7D", PLACE);
            if ((!tls && !"http".equals(uri.getScheme()))
                    || uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getRawFragment() != null
                    || !target.contains(PLACE)) {
                throw refused();
            }
            int standard = tls ? HTTPS_PORT : HTTP_PORT;
            return new UrlTemplate(tls, uri.getHost(), uri.getPort() < 0 ? standard : uri.getPort(), target);
        } catch (URISyntaxException e) {
            throw refused();
        }
    }

    /** The server, without a path. */
    URI server() {
        return URI.create((tls ? "https" : "http") + "://" + host + ":" + port);
    }

    /**
     * Path and query for this key, with every byte escaped that RFC 3986 does not leave to all; {@code null} for a key
     * that would be read as another path.
     */
    @Nullable
    String target(String entityKey) {
        return MEANS_ANOTHER_PATH.contains(entityKey) ? null : target.replace(PLACE, escaped(entityKey));
    }

    private static String escaped(String text) {
        var escaped = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(octet) >= 0) {
                escaped.append((char) octet);
            } else {
                escaped.append('%')
                        .append(HEX.charAt((octet >> HALF_BYTE) & LOW_BITS))
                        .append(HEX.charAt(octet & LOW_BITS));
            }
        }
        return escaped.toString();
    }

    /** Does not show the text, which may hold a password. */
    private static IllegalArgumentException refused() {
        return new IllegalArgumentException(
                "the URL must be as http://host:port/path/" + PLACE + ", without a user or a fragment");
    }
}
