package dev.augur.http;

import dev.augur.digest.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was read so far of the files that come with the server; the routers of a node share it. It grows by no file that
 * no route lists. Thread-safe.
 */
public final class BundledFiles {
    private static final int TAG_CHARS = 32;

    private final Map<BundledFile, Content> contents = new ConcurrentHashMap<>();

    /**
     * What a file holds.
     *
     * @param plain its bytes, to be read only
     * @param packed the same with gzip; {@code null} where that is no shorter
     * @param tag its digest
     */
    record Content(ByteBuffer plain, @Nullable ByteBuffer packed, String tag) {
        /** Packs and digests, which takes its time: called on a worker. */
        static Content of(byte[] bytes, boolean text) {
            var digest = Sha256.begin();
            digest.update(bytes);
            var plain = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            byte[] packed = text ? ContentCoding.GZIP.encode(List.of(plain)) : bytes;
            return new Content(
                    plain,
                    packed.length < bytes.length ? ByteBuffer.wrap(packed).asReadOnlyBuffer() : null,
                    Sha256.hex(digest).substring(0, TAG_CHARS));
        }
    }

    /** What a file holds, {@code null} if it was not read yet. */
    @Nullable
    Content known(BundledFile file) {
        return contents.get(file);
    }

    /** Reads a file once. Called on a worker. */
    Content read(BundledFile file) {
        return contents.computeIfAbsent(file, BundledFiles::load);
    }

    private static Content load(BundledFile file) {
        try (var in = BundledFiles.class.getResourceAsStream(file.resource())) {
            if (in == null) {
                throw new IllegalStateException("there is no " + file.resource() + " on the class path any more");
            }
            return Content.of(in.readAllBytes(), file.isText());
        } catch (IOException e) {
            throw new UncheckedIOException(file.resource(), e);
        }
    }
}
