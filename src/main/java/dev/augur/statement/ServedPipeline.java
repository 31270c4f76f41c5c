package dev.augur.statement;

/**
 * A pipeline on a node. Immutable, thread-safe.
 *
 * @param ready whether it can be asked now
 */
public record ServedPipeline(String name, String model, boolean ready) {}
