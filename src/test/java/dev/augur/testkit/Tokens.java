package dev.augur.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** An issuer of JSON Web Tokens, which are put together by hand: also those that no library would make. */
public final class Tokens {
    private static final int EC_BYTES = 32;

    private @Nullable KeyPair rsa; // takes long to make
    private final KeyPair ec = pair("EC");
    private final String id = Long.toHexString(System.nanoTime());

    private KeyPair rsa() {
        if (rsa == null) {
            rsa = pair("RSA");
        }
        return rsa;
    }

    private static KeyPair pair(String kind) {
        try {
            var generator = KeyPairGenerator.getInstance(kind);
            if (kind.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public keys. */
    public JsonObject jwks() {
        var rsaKey = (RSAPublicKey) rsa().getPublic();
        var ecKey = (ECPublicKey) ec.getPublic();
        var keys = new JsonArray();
        for (String algorithm : new String[] {"RS256", "PS256"}) {
            keys.add(new JsonObject()
                    .put("kty", "RSA")
                    .put("use", "sig")
                    .put("alg", algorithm)
                    .put("kid", algorithm + id)
                    .put("n", base64(unsigned(rsaKey.getModulus(), 256)))
                    .put("e", base64(rsaKey.getPublicExponent().toByteArray())));
        }
        keys.add(new JsonObject()
                .put("kty", "EC")
                .put("crv", "P-256")
                .put("kid", "ES256" + id)
                .put("x", base64(unsigned(ecKey.getW().getAffineX(), EC_BYTES)))
                .put("y", base64(unsigned(ecKey.getW().getAffineY(), EC_BYTES))));
        return new JsonObject().put("keys", keys);
    }

    /** A token, signed with RS256, PS256 or ES256. */
    public String sign(String algorithm, JsonObject claims) {
        String signed = head(algorithm, algorithm + id) + "." + base64(claims.encode());
        try {
            var signature = signature(algorithm);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Signature signature(String algorithm) throws GeneralSecurityException {
        var signature = Signature.getInstance(
                switch (algorithm) {
                    case "RS256" -> "SHA256withRSA";
                    case "PS256" -> "RSASSA-PSS";
                    default -> "SHA256withECDSAinP1363Format";
                });
        if (algorithm.equals("PS256")) {
            signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signature.initSign((algorithm.equals("ES256") ? ec : rsa()).getPrivate());
        return signature;
    }

    /** One that says of itself that it needs no signature. */
    public static String unsigned(JsonObject claims) {
        return head("none", null) + "." + base64(claims.encode()) + ".";
    }

    /** One that is signed with what everybody knows: the public key, taken for the secret of HS256. */
    public String confused(JsonObject claims) {
        return hmac(rsa().getPublic().getEncoded(), head("HS256", "RS256" + id), claims);
    }

    /** One that is signed with a secret. */
    public static String hs256(byte[] secret, JsonObject claims) {
        return hmac(secret, head("HS256", null), claims);
    }

    private static String hmac(byte[] secret, String head, JsonObject claims) {
        String signed = head + "." + base64(claims.encode());
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String head(String algorithm, String keyId) {
        var head = new JsonObject().put("alg", algorithm).put("typ", "JWT");
        return base64((keyId == null ? head : head.put("kid", keyId)).encode());
    }

    /** As in tokens. */
    public static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] unsigned(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[length];
        int from = Math.max(0, bytes.length - length);
        System.arraycopy(bytes, from, fixed, length - (bytes.length - from), bytes.length - from);
        return fixed;
    }
}
