package dev.augur.feature.redis;

import dev.augur.feature.remote.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is and who asks it. Thread-safe.
 *
 * @param database the database's number
 * @param user {@code null} for the default user
 * @param password {@code null} when none is needed
 * @param tls whether the connections are encrypted
 * @param caFile PEM file of the authorities that may have signed the server's certificate; {@code null} for those the
 *     JVM knows
 */
public record RedisConnectConfig(
        String host,
        int port,
        int database,
        @Nullable String user,
        @Nullable Secret password,
        boolean tls,
        @Nullable Path caFile) {
    public RedisConnectConfig {
        if (database < 0) {
            throw new IllegalArgumentException("database must be at least 0, not " + database);
        }
    }

    /** Database 0 there, for the default user without a password, not encrypted. */
    public static RedisConnectConfig of(String host, int port) {
        return new RedisConnectConfig(host, port, 0, null, null, /* tls= */ false, null);
    }
}
