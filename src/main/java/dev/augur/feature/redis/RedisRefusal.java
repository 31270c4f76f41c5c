package dev.augur.feature.redis;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Redis itself answers in place of a value: a word in capitals, and a text for the log alone. Thread-safe. */
final class RedisRefusal {
    private static final Pattern WORD = Pattern.compile("^(?:ERR \\[\\d+] )?([A-Z]{2,}) .*", Pattern.DOTALL);

    private RedisRefusal() {}

    /** Whether the key holds something else than a hash. */
    static boolean isOfAnotherType(Throwable failure) {
        return "WRONGTYPE".equals(word(failure));
    }

    /**
     * The refusal in our words, since those of the server name users, keys and addresses; {@code null} for any other
     * failure.
     */
    static @Nullable String of(Throwable failure) {
        var word = word(failure);
        if (word == null) {
            return null;
        }
        return switch (word) {
            case "WRONGPASS", "NOAUTH" -> "the server refuses the login";
            case "NOPERM" -> "the server refuses: the user has no right to read this";
            case "MOVED", "ASK", "CROSSSLOT", "CLUSTERDOWN" ->
                "the server is a node of a Redis Cluster, which is not supported";
            case "LOADING" -> "the server is loading its data";
            case "MASTERDOWN" -> "the server has lost its master";
            case "BUSY" -> "the server is busy with a script";
            default -> "the server refuses (" + word + ")";
        };
    }

    private static @Nullable String word(Throwable failure) {
        var matcher = WORD.matcher(String.valueOf(failure.getMessage()));
        return matcher.matches() ? matcher.group(1) : null;
    }
}
