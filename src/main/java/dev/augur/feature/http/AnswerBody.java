package dev.augur.feature.http;

import dev.augur.feature.LookupFailure;
import dev.augur.feature.Unusable;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer, unpacked within the limit: a packed one may be a thousand times as large as it came.
 * Thread-safe.
 */
final class AnswerBody {
    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
    private static final Set<String> PLAIN = Set.of("", "identity");

    private AnswerBody() {}

    /**
     * The bytes.
     *
     * @param encoding as the server named it; {@code null} for none
     * @throws UnusableAnswer when they are more than that, or not in that encoding
     */
    static byte[] of(Buffer body, @Nullable String encoding, int maxBytes) throws UnusableAnswer {
        String name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
        if (PLAIN.contains(name)) {
            return body.getBytes();
        }
        if (!GZIP.contains(name)) {
            throw new UnusableAnswer(Unusable.entity("was answered in an encoding that was not asked for"));
        }
        try (var plain = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
            byte[] bytes = plain.readNBytes(maxBytes);
            if (plain.read() != -1) {
                throw tooLarge(maxBytes);
            }
            return bytes;
        } catch (IOException e) {
            throw new UnusableAnswer(Unusable.entity("was answered with something else than gzip"));
        }
    }

    static UnusableAnswer tooLarge(int maxBytes) {
        return new UnusableAnswer(
                new Unusable(LookupFailure.TOO_LARGE, "was answered with more than " + maxBytes + " bytes"));
    }
}
