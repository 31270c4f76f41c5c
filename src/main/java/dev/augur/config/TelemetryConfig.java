package dev.augur.config;

/**
 * What a node tells of itself to those who run it. Immutable.
 *
 * @param tritonNames whether {@code /metrics} has the names of Triton's metrics too
 */
public record TelemetryConfig(boolean tritonNames) {}
