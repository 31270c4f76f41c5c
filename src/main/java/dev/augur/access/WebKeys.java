package dev.augur.access;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Fetches the keys that tokens are signed with. Blocks. */
final class WebKeys {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1 << 20;
    private static final int MIN_SECRET_BYTES = 32;
    private static final int OK = 200;
    private static final String SYMMETRIC = "oct";
    private static final Map<String, String> OF_CURVE =
            Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512", "Ed25519", "EdDSA");
    private static final Set<String> ALGORITHMS = Set.of(
            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
            "EdDSA");

    private WebKeys() {}

    /** One key and what it may sign. */
    record WebKey(JsonObject jwk, String algorithm) {}

    /**
     * The keys that sign; those for other purposes and of other kinds are left out.
     *
     * @throws IOException that names the place and what is wrong there
     */
    static List<WebKey> of(AccessConfig.Source source) throws IOException {
        byte[] content = content(source);
        return source.secret() ? List.of(secret(source, content)) : set(source, content);
    }

    private static WebKey secret(AccessConfig.Source source, byte[] content) throws IOException {
        byte[] secret = new String(content, StandardCharsets.ISO_8859_1).strip().getBytes(StandardCharsets.ISO_8859_1);
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IOException(source + ": a secret for HS256 has at least " + MIN_SECRET_BYTES + " bytes, found "
                    + secret.length);
        }
        var key = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return new WebKey(new JsonObject().put("kty", SYMMETRIC).put("k", key).put("alg", "HS256"), "HS256");
    }

    private static List<WebKey> set(AccessConfig.Source source, byte[] content) throws IOException {
        JsonArray keys;
        try {
            keys = new JsonObject(Buffer.buffer(content)).getJsonArray("keys", new JsonArray());
        } catch (DecodeException | ClassCastException e) {
            throw new IOException(source + ": is not JSON, expected a JSON Web Key Set");
        }
        var signing = new ArrayList<WebKey>();
        for (Object each : keys) {
            if (each instanceof JsonObject key) {
                String algorithm = algorithm(key);
                boolean secretInTheOpen = SYMMETRIC.equals(key.getValue("kty")) && source.file() == null;
                if (ALGORITHMS.contains(algorithm) && signs(key) && !secretInTheOpen) {
                    signing.add(new WebKey(key.copy().put("alg", algorithm), algorithm));
                }
            }
        }
        if (signing.isEmpty()) {
            throw new IOException(source + ": holds no key that signs, expected a JSON Web Key Set: {\"keys\": [...]}");
        }
        return signing;
    }

    private static boolean signs(JsonObject key) {
        return !key.containsKey("use") || "sig".equals(key.getValue("use"));
    }

    /** What a key signs with, where it does not say. */
    private static String algorithm(JsonObject key) {
        if (key.getValue("alg") instanceof String algorithm) {
            return algorithm;
        }
        return switch (String.valueOf(key.getValue("kty"))) {
            case "RSA" -> "RS256";
            case "EC", "OKP" -> OF_CURVE.getOrDefault(String.valueOf(key.getValue("crv")), "");
            case SYMMETRIC -> "HS256";
            default -> "";
        };
    }

    private static byte[] content(AccessConfig.Source source) throws IOException {
        if (source.file() != null) {
            try (InputStream in = Files.newInputStream(source.file())) {
                return limited(in, source);
            }
        }
        var request = HttpRequest.newBuilder(source.url()).timeout(PATIENCE).build();
        var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() != OK) {
                    throw new IOException(source + ": answers " + response.statusCode());
                }
                return limited(in, source);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(source + ": the server stops", e);
        } catch (IOException e) {
            throw e.getMessage() != null && e.getMessage().startsWith(source.toString())
                    ? e
                    : new IOException(source + ": cannot be asked: " + e, e);
        }
    }

    private static byte[] limited(InputStream in, AccessConfig.Source source) throws IOException {
        byte[] content = in.readNBytes(MAX_BYTES + 1);
        if (content.length > MAX_BYTES) {
            throw new IOException(source + ": is larger than " + MAX_BYTES + " bytes");
        }
        return content;
    }
}
