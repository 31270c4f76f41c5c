package dev.augur.predictionlog.sink;

import java.nio.charset.StandardCharsets;

/** JSON without NUL: each escaped one is replaced by an escaped U+FFFD, which is as long. Immutable, thread-safe. */
final class NulFree {
    private static final byte[] NUL = "u0000".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "ufffd".getBytes(StandardCharsets.US_ASCII);

    private final byte[] json;
    private final boolean altered;

    private NulFree(byte[] json, boolean altered) {
        this.json = json;
        this.altered = altered;
    }

    /** The bytes themselves if they hold none. */
    static NulFree of(byte[] json) {
        byte[] clean = json;
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\\') { // an escape: what follows is not looked at again
                i++;
                if (nulAt(json, i)) {
                    clean = clean == json ? json.clone() : clean;
                    System.arraycopy(REPLACEMENT, 0, clean, i, REPLACEMENT.length);
                }
            }
        }
        return new NulFree(clean, clean != json);
    }

    /** Not copied, not to be changed. */
    byte[] json() {
        return json;
    }

    boolean altered() {
        return altered;
    }

    private static boolean nulAt(byte[] json, int at) {
        for (int i = 0; i < NUL.length; i++) {
            if (at + i >= json.length || json[at + i] != NUL[i]) {
                return false;
            }
        }
        return true;
    }
}
