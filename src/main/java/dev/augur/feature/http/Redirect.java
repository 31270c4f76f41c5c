package dev.augur.feature.http;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a redirect leads: to the same server, or from it to its encrypted side. Another one would be sent the headers,
 * which may be secrets. Thread-safe.
 */
final class Redirect {
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private Redirect() {}

    static boolean is(int status) {
        return STATUSES.contains(status);
    }

    /**
     * The next URL; {@code null} when it is not to be followed.
     *
     * @param location as the server gave it, relative or absolute
     */
    static @Nullable URI next(URI asked, @Nullable String location) {
        if (location == null) {
            return null;
        }
        try {
            URI next = asked.resolve(location);
            return next.getHost() != null && sameServer(asked, next) ? next : null;
        } catch (IllegalArgumentException noUrl) {
            return null;
        }
    }

    private static boolean sameServer(URI asked, URI next) {
        boolean sameHost = asked.getHost().equalsIgnoreCase(next.getHost()) && next.getRawUserInfo() == null;
        boolean upgraded = "http".equals(scheme(asked)) && "https".equals(scheme(next)) && next.getPort() == -1;
        boolean same = Objects.equals(scheme(asked), scheme(next)) && port(asked) == port(next);
        return sameHost && (same || upgraded);
    }

    /** The port, or the usual one of the scheme. */
    static int port(URI url) {
        int usual = "https".equals(scheme(url)) ? 443 : 80;
        return url.getPort() < 0 ? usual : url.getPort();
    }

    private static String scheme(URI url) {
        return String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    }
}
