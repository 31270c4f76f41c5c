package dev.augur.access;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask, as configured. Without keys and tokens everybody may.
 *
 * @param open whether that is said in so many words
 * @param keys the file of the keys
 * @param tokens how tokens are checked
 * @param certified what clients may whose certificate TLS has verified, and who show nothing else
 */
public record AccessConfig(boolean open, Optional<Path> keys, Optional<Tokens> tokens, Optional<Grants> certified) {
    /** Whether anybody has to show anything. */
    public boolean isChecked() {
        return keys.isPresent() || tokens.isPresent() || certified.isPresent();
    }

    /**
     * JSON Web Tokens.
     *
     * @param source where the keys come from that they are signed with
     * @param issuer who must have issued them; anybody if not set
     * @param audience one of whom they must be meant for; anybody if none is named
     * @param leeway by how much clocks may differ
     */
    public record Tokens(Source source, @Nullable String issuer, List<String> audience, Duration leeway) {
        public Tokens {
            audience = List.copyOf(audience);
        }
    }

    /**
     * A file, or a place in the web, that is read again from time to time.
     *
     * @param file a JSON Web Key Set, or the secret that tokens are signed with by HMAC
     * @param url of a JSON Web Key Set
     * @param secret whether the file is such a secret
     * @param refresh how often the URL is asked
     */
    public record Source(@Nullable Path file, @Nullable URI url, boolean secret, Duration refresh) {
        /** Without what may be a secret: who asks, and the query. */
        private static String shown(@Nullable URI url) {
            return url == null
                    ? ""
                    : url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                            + url.getRawPath();
        }

        @Override
        public String toString() {
            return file == null ? shown(url) : file.toString();
        }
    }
}
