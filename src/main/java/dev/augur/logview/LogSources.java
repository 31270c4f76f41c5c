package dev.augur.logview;

import dev.augur.membership.Nodes;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/**
 * Where records of all nodes come from. Immutable, thread-safe.
 *
 * @param nodes the nodes that there are
 * @param local this node's own log, if it has one
 * @param patience how long another node may take for an answer
 */
public record LogSources(Vertx vertx, Nodes nodes, Optional<LocalLog> local, Duration patience) {}
