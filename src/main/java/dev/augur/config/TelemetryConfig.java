package dev.augur.config;

/**
 * What a node tells of itself to those who run it. Immutable.
 *
 * @param tritonNames whether {@code /metrics} has the names of Triton's metrics too
 * @param tracing whether requests are traced, as OpenTelemetry's variables say
 */
public record TelemetryConfig(boolean tritonNames, boolean tracing) {}
