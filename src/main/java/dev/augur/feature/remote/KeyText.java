package dev.augur.feature.remote;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Entity keys as text. Thread-safe. */
public final class KeyText {
    private KeyText() {}

    /**
     * The key as it is sent to a server; {@code null} when no server can know it, because it is longer than that or is
     * not Unicode (half of a surrogate pair, which would be sent as the question mark of another key).
     *
     * @param maxBytes longest text, as UTF-8
     */
    public static @Nullable String of(Object entityKey, int maxBytes) {
        String text = entityKey.toString();
        if (text.length() > maxBytes) {
            return null;
        }
        try {
            int bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
            return bytes > maxBytes ? null : text;
        } catch (CharacterCodingException halfPair) {
            return null;
        }
    }

    /** Why there is no entity of a key that {@link #of} gives no text for. */
    public static String unfit(int maxBytes) {
        return "keys are texts of at most " + maxBytes + " bytes of UTF-8";
    }
}
