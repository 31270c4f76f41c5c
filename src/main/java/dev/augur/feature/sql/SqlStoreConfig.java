package dev.augur.feature.sql;

import dev.augur.feature.remote.RemoteLimits;

/**
 * A store in PostgreSQL as configured. Thread-safe.
 *
 * @param name the store's name in messages
 * @param limits what it may take; its {@code patience} is also how long the server may work on one query
 */
public record SqlStoreConfig(String name, SqlConnectConfig connect, SqlLookup lookup, RemoteLimits limits) {}
