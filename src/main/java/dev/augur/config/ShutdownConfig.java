package dev.augur.config;

import java.time.Duration;

/**
 * How a node stops. Thread-safe.
 *
 * @param pause time between reporting "not ready" and accepting nothing new, for load balancers to notice
 * @param timeout longest time that everything after the pause may take: finishing what runs, flushing the prediction
 *     log
 */
public record ShutdownConfig(Duration pause, Duration timeout) {}
