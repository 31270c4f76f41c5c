package dev.augur.worker;

/**
 * A worker pool as configured.
 *
 * @param name name of the pool and of its threads
 * @param workers threads, at least 1
 * @param queue requests that may wait; further ones are refused
 */
public record PoolConfig(String name, int workers, int queue) {}
