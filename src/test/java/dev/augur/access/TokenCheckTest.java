package dev.augur.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.testkit.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class TokenCheckTest {
    @TempDir
    Path folder;

    private final Tokens signed = new Tokens();
    private Path jwks;
    private TokenCheck check;

    @BeforeEach
    void readTheKeys(Vertx vertx) throws Exception {
        jwks = folder.resolve("jwks.json");
        Files.writeString(jwks, signed.jwks().encode());
        check = check(vertx, jwks, /* secret= */ false);
        check.refresh();
    }

    private static TokenCheck check(Vertx vertx, Path file, boolean secret) {
        var source = new AccessConfig.Source(file, null, secret, Duration.ofMinutes(10));
        return new TokenCheck(
                vertx,
                new AccessConfig.Tokens(source, "https://issuer", List.of("augur", "other"), Duration.ofSeconds(5)));
    }

    private static JsonObject claims() {
        return new JsonObject()
                .put("sub", "shop")
                .put("iss", "https://issuer")
                .put("aud", "augur")
                .put("scope", "openid predict:wine read")
                .put("exp", Instant.now().getEpochSecond() + 60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "PS256"})
    void aTokenOfTheIssuerIsTaken(String algorithm) {
        var principal = check.principal(signed.sign(algorithm, claims()));
        assertThat(principal).isEqualTo(new Principal("shop", new Grants(Set.of(Scope.READ), Set.of("wine"))));
    }

    @Test
    void itIsRememberedUntilItEnds() {
        var token = signed.sign("RS256", claims());
        assertThat(check.remembered(token)).isNull();
        var principal = check.principal(token);
        assertThat(check.remembered(token)).isEqualTo(principal);
        var ending = signed.sign("RS256", claims().put("exp", Instant.now().getEpochSecond() - 4));
        assertThat(check.principal(ending)).isEqualTo(principal); // the leeway
        var over = signed.sign("RS256", claims().put("exp", Instant.now().getEpochSecond() - 6));
        refused(over, "");
        assertThat(check.remembered(over)).isNull();
    }

    @Test
    void scopesMayBeAListUnderOtherNames() {
        var scp = claims().put("scp", new JsonArray().add("admin").add("predict"));
        scp.remove("scope");
        assertThat(check.principal(signed.sign("ES256", scp)).grants().scopes())
                .containsExactlyInAnyOrder(Scope.ADMIN, Scope.PREDICT);
        var none = claims();
        none.remove("scope");
        assertThat(check.principal(signed.sign("ES256", none)).grants().texts()).isEmpty();
    }

    @Test
    void theAudienceMayBeAList() {
        var several = claims().put("aud", new JsonArray().add("shop").add("other"));
        assertThat(check.principal(signed.sign("RS256", several)).name()).isEqualTo("shop");
        refused(signed.sign("RS256", claims().put("aud", new JsonArray())), "");
        refused(signed.sign("RS256", claims().put("aud", new JsonArray().add("augur2"))), "");
    }

    @Test
    void refusesWhatIsNotSignedByTheIssuer() {
        refused(Tokens.unsigned(claims()), "it is not signed by one of [");
        refused(signed.confused(claims()), "it is not signed by one of ["); // the public key as the secret of HS256
        refused(new Tokens().sign("RS256", claims()), "");
        refused(signed.sign("RS256", claims()) + "A", "");
        var parts = signed.sign("RS256", claims()).split("\\.");
        refused(parts[0] + "." + Tokens.base64(claims().put("scope", "admin").encode()) + "." + parts[2], "");
        refused(parts[0] + "." + parts[1] + ".", "");
        refused(parts[0] + "." + parts[1], "");
        refused("a.b.c", "it is not a JSON Web Token");
        refused("....", "it is not a JSON Web Token");
        refused("x".repeat(20_000) + ".y.z", "it is longer than");
    }

    @Test
    void refusesWhatIsMeantForOthersOrHasEnded() {
        refused(signed.sign("RS256", claims().put("aud", "shop")), "");
        refused(signed.sign("RS256", claims().put("iss", "https://issuer.example")), "");
        refused(signed.sign("RS256", claims().put("exp", Instant.now().getEpochSecond() - 60)), "");
        refused(signed.sign("RS256", claims().put("nbf", Instant.now().getEpochSecond() + 60)), "");
        var endless = claims();
        endless.remove("exp");
        refused(signed.sign("RS256", endless), "it has no exp");
        var nobody = claims();
        nobody.remove("sub");
        refused(signed.sign("RS256", nobody), "it has no sub");
        var anybody = claims();
        anybody.remove("aud");
        refused(signed.sign("RS256", anybody), "");
    }

    @Test
    void followsAFileThatChanges() throws Exception {
        var other = new Tokens();
        var theirs = other.sign("RS256", claims());
        refused(theirs, "");
        Files.writeString(jwks, other.jwks().encode());
        Files.setLastModifiedTime(jwks, FileTime.from(Instant.now().plusSeconds(2)));
        check.refresh();
        assertThat(check.principal(theirs).name()).isEqualTo("shop");
        refused(signed.sign("RS256", claims()), "");
    }

    @Test
    void aSecretTakesHs256Alone(Vertx vertx) throws Exception {
        var file = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        var bySecret = check(vertx, file, /* secret= */ true);
        bySecret.refresh();
        var token = Tokens.hs256("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8), claims());
        assertThat(bySecret.principal(token).name()).isEqualTo("shop");
        assertThatThrownBy(() -> bySecret.principal(signed.sign("RS256", claims())))
                .hasMessageContaining("it is not signed by one of [HS256]");
        Files.writeString(file, "short");
        assertThatThrownBy(bySecret::refresh).hasMessageContaining("at least 32 bytes, found 5");
    }

    @Test
    void keysThatDoNotSignAreLeftOut(Vertx vertx) throws Exception {
        var encrypting = signed.jwks();
        encrypting.getJsonArray("keys").forEach(key -> ((JsonObject) key).put("use", "enc"));
        Files.writeString(jwks, encrypting.encode());
        assertThatThrownBy(() -> check(vertx, jwks, /* secret= */ false).refresh())
                .hasMessageContaining("holds no key that signs");
        Files.writeString(jwks, "<html>");
        assertThatThrownBy(() -> check(vertx, jwks, /* secret= */ false).refresh())
                .hasMessageContaining("is not JSON");
    }

    @Test
    void saysThatThereAreNoKeysYet(Vertx vertx) {
        var empty = check(vertx, jwks, /* secret= */ false);
        assertThatThrownBy(() -> empty.principal(signed.sign("RS256", claims())))
                .isInstanceOfSatisfying(
                        ServingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
    }

    private void refused(String token, String reason) {
        assertThatThrownBy(() -> check.principal(token))
                .as(token)
                .isInstanceOfSatisfying(
                        ServingException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
                .hasMessageContaining("the token is not taken: " + reason);
    }
}
