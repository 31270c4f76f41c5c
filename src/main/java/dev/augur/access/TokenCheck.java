package dev.augur.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks JSON Web Tokens by the keys of an issuer, which are read again when their file changes, when their time has
 * come, and, twice a minute at most, when a token names one that is not known. Thread-safe; blocks, but for
 * {@link #remembered}.
 */
final class TokenCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TokenCheck.class);
    private static final int MAX_REMEMBERED = 10_000;
    private static final int MAX_TOKEN_LETTERS = 16_384;
    private static final int MAX_SUBJECT_LETTERS = 200;
    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final String NEVER_READ = "";

    private final Vertx vertx;
    private final AccessConfig.Tokens config;
    private final Cache<String, Passed> passed = Caffeine.newBuilder()
            .maximumSize(MAX_REMEMBERED)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();
    private volatile Issuer issuer = new Issuer(null, Set.of(), Set.of());
    private String stamp = NEVER_READ; // guarded by this, as what follows
    private long askedNanos;

    /** The keys of this moment. */
    private record Issuer(@Nullable JWTAuth provider, Set<String> keyIds, Set<String> algorithms) {}

    /** A token that was good, and until when it is. */
    private record Passed(Principal principal, Instant until) {}

    TokenCheck(Vertx vertx, AccessConfig.Tokens config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** Whose token that is, if it was checked a short while ago; never blocks. */
    @Nullable
    Principal remembered(String token) {
        var known = passed.getIfPresent(token);
        return known != null && Instant.now().isBefore(known.until()) ? known.principal() : null;
    }

    /** Reads the keys again if their file has changed, or if their time has come. */
    synchronized void refresh() throws IOException {
        var source = config.source();
        String now = source.file() == null
                ? NEVER_READ
                : Files.getLastModifiedTime(source.file()) + " " + Files.size(source.file());
        boolean due = source.file() == null
                ? askedNanos == 0
                        || System.nanoTime() - askedNanos > source.refresh().toNanos()
                : !now.equals(stamp);
        if (due) {
            stamp = now;
            fetch();
        }
    }

    /**
     * Whose token that is.
     *
     * @throws ServingException {@code UNAUTHENTICATED} with the reason, {@code NOT_READY} while there are no keys
     */
    Principal principal(String token) {
        var head = head(token);
        String keyId = head.getValue("kid") instanceof String id ? id : null;
        if (keyId != null && !issuer.keyIds().contains(keyId)) {
            fetchUnknown();
        }
        var keys = issuer;
        var provider = keys.provider();
        if (provider == null) {
            throw new ServingException(ErrorCode.NOT_READY, "the keys that tokens are signed with are not there yet");
        }
        if (!(head.getValue("alg") instanceof String algorithm)
                || !keys.algorithms().contains(algorithm)) {
            throw refused("it is not signed by one of "
                    + keys.algorithms().stream().sorted().toList());
        }
        var checked = provider.authenticate(new TokenCredentials(token));
        if (checked.failed()) {
            throw refused(String.valueOf(checked.cause().getMessage()));
        }
        return remember(token, part(token, 1));
    }

    private Principal remember(String token, JsonObject payload) {
        if (!(payload.getValue("exp") instanceof Number expiry)) {
            throw refused("it has no exp: one that never ends is not taken");
        }
        if (!(payload.getValue("sub") instanceof String subject)
                || subject.isBlank()
                || subject.length() > MAX_SUBJECT_LETTERS) {
            throw refused("it has no sub of 1 to " + MAX_SUBJECT_LETTERS + " characters");
        }
        var principal = new Principal(subject, Grants.known(scopes(payload)));
        var until = Instant.ofEpochSecond(expiry.longValue()).plus(config.leeway());
        passed.put(token, new Passed(principal, until));
        return principal;
    }

    /** {@code scope} as in OAuth 2.0, with spaces, or {@code scp} and {@code scopes} as some issuers write it. */
    private static List<String> scopes(JsonObject claims) {
        var texts = new ArrayList<String>();
        for (String name : List.of("scope", "scp", "scopes")) {
            Object value = claims.getValue(name);
            if (value instanceof String text) {
                texts.addAll(List.of(text.trim().split(" +")));
            } else if (value instanceof JsonArray list) {
                list.forEach(each -> texts.add(String.valueOf(each)));
            }
        }
        return texts;
    }

    private static JsonObject head(String token) {
        if (token.length() > MAX_TOKEN_LETTERS) {
            throw refused("it is longer than " + MAX_TOKEN_LETTERS + " characters");
        }
        return part(token, 0);
    }

    private static JsonObject part(String token, int index) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(token.split("\\.", -1)[index]);
            return new JsonObject(new String(json, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | DecodeException e) {
            throw refused("it is not a JSON Web Token");
        }
    }

    private synchronized void fetchUnknown() {
        if (config.source().file() == null && System.nanoTime() - askedNanos > PAUSE.toNanos()) {
            try {
                fetch();
            } catch (IOException e) {
                LOG.warn("access: {}", e.getMessage());
            }
        }
    }

    /** Called with the lock held. */
    private void fetch() throws IOException {
        askedNanos = System.nanoTime();
        var keys = WebKeys.of(config.source());
        var options = new JWTOptions().setLeeway((int) config.leeway().toSeconds());
        if (config.issuer() != null) {
            options.setIssuer(config.issuer());
        }
        if (!config.audience().isEmpty()) {
            options.setAudience(config.audience());
        }
        var jwks = keys.stream().map(WebKeys.WebKey::jwk).toList();
        issuer = new Issuer(
                JWTAuth.create(vertx, new JWTAuthOptions().setJwks(jwks).setJWTOptions(options)),
                jwks.stream()
                        .map(jwk -> jwk.getString("kid"))
                        .filter(id -> id != null)
                        .collect(Collectors.toUnmodifiableSet()),
                keys.stream().map(WebKeys.WebKey::algorithm).collect(Collectors.toUnmodifiableSet()));
        passed.invalidateAll();
        LOG.info("access: {} keys for tokens from {}", keys.size(), config.source());
    }

    private static ServingException refused(String reason) {
        return new ServingException(ErrorCode.UNAUTHENTICATED, "the token is not taken: " + reason);
    }
}
