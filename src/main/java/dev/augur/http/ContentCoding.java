package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.BodyMemory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** The content codings of HTTP that bodies come and go in. Thread-safe; small bodies aside, used on a worker. */
enum ContentCoding {
    GZIP,
    DEFLATE;

    private static final int BUFFER_BYTES = 1 << 13;
    private static final int ZLIB_METHOD = 0x08;

    /** The coding of that name; empty for identity or none. */
    static Optional<ContentCoding> of(@Nullable String header) {
        if (header == null || header.isBlank() || header.trim().equalsIgnoreCase("identity")) {
            return Optional.empty();
        }
        return switch (header.trim().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> Optional.of(GZIP);
            case "deflate" -> Optional.of(DEFLATE);
            default ->
                throw new ServingException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "content encoding \"" + header + "\" is not served, expected gzip, deflate or none");
        };
    }

    /** The coding an answer may have by this Accept-Encoding: gzip before deflate, none where neither is accepted. */
    static Optional<ContentCoding> accepted(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        Optional<ContentCoding> best = Optional.empty();
        for (String choice : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = choice.split(";", 2);
            boolean refused = parts.length == 2 && parts[1].replace(" ", "").matches("q=0(\\.0*)?");
            if (!refused && parts[0].trim().equals("gzip")) {
                return Optional.of(GZIP);
            }
            if (!refused && parts[0].trim().equals("deflate")) {
                best = Optional.of(DEFLATE);
            }
        }
        return best;
    }

    /** The name in headers. */
    String header() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The body without the coding.
     *
     * @param memory what the plain body takes its bytes from
     * @throws ServingException {@code TOO_LARGE} as soon as it exceeds the limit, or all memory there is;
     *     {@code OVERLOADED} when others have the memory; {@code INVALID_ARGUMENT} when it is not so coded
     */
    byte[] decode(byte[] coded, int maxBytes, BodyMemory.Share memory) {
        var inflater = new Inflater(/* nowrap= */ !zlib(coded));
        try (InputStream in = input(coded, inflater)) {
            var plain = new ByteArrayOutputStream(BUFFER_BYTES);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (plain.size() + read > maxBytes) {
                    throw BodyReader.tooLarge(maxBytes);
                }
                memory.require(read);
                plain.write(buffer, 0, read);
            }
            if (this == DEFLATE && (!inflater.finished() || inflater.getRemaining() > 0)) {
                throw new IOException("a preset dictionary, or more than one stream");
            }
            return plain.toByteArray();
        } catch (IOException e) {
            throw new ServingException(ErrorCode.INVALID_ARGUMENT, "the body is not valid " + header());
        } finally {
            inflater.end();
        }
    }

    /** The body with the coding. */
    byte[] encode(List<ByteBuffer> plain) {
        var coded = new ByteArrayOutputStream(BUFFER_BYTES);
        try (OutputStream out =
                this == GZIP ? new GZIPOutputStream(coded, BUFFER_BYTES) : new DeflaterOutputStream(coded)) {
            var channel = Channels.newChannel(out);
            for (ByteBuffer part : plain) {
                channel.write(part.duplicate());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return coded.toByteArray();
    }

    private InputStream input(byte[] coded, Inflater inflater) throws IOException {
        var bytes = new ByteArrayInputStream(coded);
        return this == GZIP
                ? new GZIPInputStream(bytes, BUFFER_BYTES)
                : new InflaterInputStream(bytes, inflater, BUFFER_BYTES);
    }

    /** Deflate means the zlib format, but some clients send the bare one; its first byte tells. */
    private static boolean zlib(byte[] coded) {
        return coded.length > 0 && (coded[0] & 0x0F) == ZLIB_METHOD;
    }
}
