package dev.augur.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a request is from: whoever has opened the connection, unless that is one of our own proxies, which tell from whom
 * they have it. Each proxy adds an address at the end, so what stands before the first one that is not a proxy of ours
 * was written by the client, and counts for nothing. Immutable, thread-safe.
 *
 * @param standard whether they write {@code Forwarded} (RFC 7239) in place of {@code X-Forwarded-For}
 */
public record Proxies(List<Network> ours, boolean standard) {
    private static final int MAX_HOPS = 32;
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";

    public Proxies {
        ours = List.copyOf(ours);
    }

    /** Whether a connection from there is that of a proxy. */
    boolean has(byte @Nullable [] address) {
        if (address != null) {
            for (Network network : ours) {
                if (network.holds(address)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The address of the client, in digits. */
    String client(HttpServerRequest request) {
        String peer = Objects.requireNonNullElse(
                request.connection().remoteAddress(/* real= */ true).hostAddress(), "");
        if (ours.isEmpty() || !has(Network.address(peer))) {
            return peer;
        }
        return client(peer, request.headers());
    }

    /** The same, behind a proxy of ours. */
    String client(String proxy, MultiMap headers) {
        String client = proxy;
        var hops = new Hops(String.join(",", headers.getAll(standard ? FORWARDED : X_FORWARDED_FOR)));
        for (int i = 0; i < MAX_HOPS; i++) {
            String hop = hops.before();
            String told = hop == null ? null : host(standard ? forOf(hop) : hop);
            if (told == null) {
                return client;
            }
            client = told;
            if (!has(Network.address(told))) {
                return client;
            }
        }
        return client;
    }

    /** The value of {@code for=} in one element of {@code Forwarded}, without quotes; nothing where there is none. */
    private static String forOf(String element) {
        for (String pair : element.split(";", -1)) {
            String trimmed = pair.strip();
            if (trimmed.regionMatches(/* ignoreCase= */ true, 0, "for=", 0, 4)) {
                String value = trimmed.substring(4).strip();
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                return quoted ? value.substring(1, value.length() - 1) : value;
            }
        }
        return "";
    }

    /** An address without its port and brackets; {@code null} for what is none, such as {@code unknown}. */
    private static @Nullable String host(String hop) {
        String text = hop.strip();
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            text = end < 0 ? "" : text.substring(1, end);
        } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) { // 192.0.2.1:4711
            text = text.substring(0, text.indexOf(':'));
        }
        return Network.address(text) == null ? null : text;
    }

    /** The elements of a header with commas in between, from its end on; commas within quotes are none. */
    private static final class Hops {
        private final String text;
        private int end;

        private Hops(String text) {
            this.text = text;
            this.end = text.length();
        }

        /** The one before; {@code null} behind the first. */
        private @Nullable String before() {
            if (end < 0) {
                return null;
            }
            boolean quoted = false;
            int comma = end - 1;
            for (; comma >= 0 && (quoted || text.charAt(comma) != ','); comma--) {
                quoted ^= text.charAt(comma) == '"';
            }
            String hop = text.substring(comma + 1, end);
            end = comma;
            return hop;
        }
    }
}
