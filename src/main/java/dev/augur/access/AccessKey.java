package dev.augur.access;

import dev.augur.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key as the server knows it: by its digest, so that nobody who reads the file can use it. A key has 190 random bits,
 * which no one guesses however fast SHA-256 is. Immutable, thread-safe.
 *
 * @param id stands in the key and in the file; no secret
 * @param sha256 of the whole key, 64 hexadecimal digits
 * @param expires when it ends to be good; {@code null} for never
 */
record AccessKey(String id, Principal principal, String sha256, @Nullable Instant expires) {
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    static final Pattern ID = Pattern.compile("[A-Za-z0-9]{8}");
    static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private static final Pattern FORM = Pattern.compile("augur_([A-Za-z0-9]{8})_[A-Za-z0-9]{32}");
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LETTERS = 8;
    private static final int SECRET_LETTERS = 32;

    /** A new key, which is shown once, and what is kept of it. */
    record Made(String secret, AccessKey kept) {}

    static Made make(Principal principal, @Nullable Instant expires) {
        var random = new SecureRandom();
        String id = letters(random, ID_LETTERS);
        String secret = "augur_" + id + "_" + letters(random, SECRET_LETTERS);
        return new Made(secret, new AccessKey(id, principal, digest(secret), expires));
    }

    /** The id in what somebody shows as a key; {@code null} if it cannot be one. */
    static @Nullable String idIn(String shown) {
        var matcher = FORM.matcher(shown);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** Whether that is this key; takes the same time wherever it differs. */
    boolean is(String shown) {
        return MessageDigest.isEqual(
                HexFormat.of().parseHex(digest(shown)), HexFormat.of().parseHex(sha256));
    }

    private static String digest(String key) {
        var digest = Sha256.begin();
        digest.update(key.getBytes(StandardCharsets.UTF_8));
        return Sha256.hex(digest);
    }

    private static String letters(SecureRandom random, int count) {
        return random.ints(count, 0, LETTERS.length())
                .collect(StringBuilder::new, (text, i) -> text.append(LETTERS.charAt(i)), StringBuilder::append)
                .toString();
    }
}
