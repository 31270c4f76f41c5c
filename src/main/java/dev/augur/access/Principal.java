package dev.augur.access;

/**
 * Somebody who asks. Immutable, thread-safe.
 *
 * @param name of the key, or the subject of the token; stands in records
 */
public record Principal(String name, Grants grants) {}
