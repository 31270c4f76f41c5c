package dev.augur.feature.remote;

import java.time.Duration;

/**
 * What one store may take of this process and of its server. Thread-safe.
 *
 * @param connections most connections to the server, at least 1
 * @param waiting most fetches that wait for a connection, at least 1; further ones fail at once
 * @param maxKeys most entities in one fetch, at least 1
 * @param maxKeyBytes longest key as UTF-8; the store knows no entity with a longer one
 * @param maxValueBytes largest text that is a feature, as UTF-8, at least 1
 * @param patience longest time from a fetch to its answer, connecting included; a client that gave no answer for so
 *     long is replaced
 */
public record RemoteLimits(
        int connections, int waiting, int maxKeys, int maxKeyBytes, int maxValueBytes, Duration patience) {
    /** 8 connections, 256 waiting fetches, 1,000 entities, keys of 1 KiB, values of 16 KiB, 5 s. */
    public static final RemoteLimits DEFAULT = new RemoteLimits(8, 256, 1_000, 1024, Duration.ofSeconds(5));

    private static final int MAX_VALUE_BYTES = 16 << 10;

    public RemoteLimits {
        atLeastOne("connections", connections);
        atLeastOne("waiting", waiting);
        atLeastOne("maxKeys", maxKeys);
        atLeastOne("maxKeyBytes", maxKeyBytes);
        atLeastOne("maxValueBytes", maxValueBytes);
        atLeastOne("patience in milliseconds", patience.toMillis());
    }

    /** With values of 16 KiB. */
    public RemoteLimits(int connections, int waiting, int maxKeys, int maxKeyBytes, Duration patience) {
        this(connections, waiting, maxKeys, maxKeyBytes, MAX_VALUE_BYTES, patience);
    }

    /** These, but for the largest value. */
    public RemoteLimits withMaxValueBytes(int limit) {
        return new RemoteLimits(connections, waiting, maxKeys, maxKeyBytes, limit, patience);
    }

    /** These, but for the most entities in one fetch. */
    public RemoteLimits withMaxKeys(int limit) {
        return new RemoteLimits(connections, waiting, limit, maxKeyBytes, maxValueBytes, patience);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
