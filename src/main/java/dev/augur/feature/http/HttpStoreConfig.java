package dev.augur.feature.http;

import dev.augur.feature.remote.RemoteLimits;
import dev.augur.feature.remote.Secret;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store behind HTTP as configured. Thread-safe.
 *
 * @param name the store's name in messages
 * @param url where an entity's features are; <code>{id}</code> stands for its key
 * @param headers sent with every request; their values are not shown
 * @param pointers features by name and the JSON pointer (RFC 6901) to each; none for all texts, numbers and booleans at
 *     the top
 * @param responses what is taken from the server
 * @param limits {@code maxKeys} is not used: an entity is a request
 */
public record HttpStoreConfig(
        String name,
        UrlTemplate url,
        Map<String, Secret> headers,
        Map<String, String> pointers,
        Responses responses,
        RemoteLimits limits) {
    public HttpStoreConfig {
        headers = Map.copyOf(headers);
        pointers = Map.copyOf(pointers);
        pointers.values().forEach(JsonFeatures::checkPointer);
    }

    /** That place, with no headers, all members at the top and answers of up to 256 KiB. */
    public static HttpStoreConfig of(String name, String url) {
        return new HttpStoreConfig(
                name, UrlTemplate.of(url), Map.of(), Map.of(), Responses.DEFAULT, RemoteLimits.DEFAULT);
    }

    /**
     * What is taken from the server. Thread-safe.
     *
     * @param maxBytes largest body
     * @param caFile PEM file of the authorities that may have signed the server's certificate; {@code null} for those
     *     the JVM knows
     */
    public record Responses(int maxBytes, @Nullable Path caFile) {
        private static final int BYTES = 256 * 1024;

        /** Up to 256 KiB, from servers whose certificates the JVM trusts. */
        public static final Responses DEFAULT = new Responses(BYTES, null);

        public Responses {
            if (maxBytes < 1) {
                throw new IllegalArgumentException("maxBytes must be at least 1, not " + maxBytes);
            }
        }
    }
}
