package dev.augur.consumer;

import dev.augur.metrics.Meters;
import dev.augur.request.BodyMemory;

/**
 * What messages are admitted by, and where it shows: the same for all event loops of a node. Thread-safe.
 *
 * @param inFlight the requests of all of them
 * @param memory for their bodies
 * @param limits of each of them
 */
public record Admission(InFlight inFlight, BodyMemory memory, ConsumerConfig.Limits limits, Meters meters) {}
