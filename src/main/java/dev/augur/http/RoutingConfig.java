package dev.augur.http;

import java.time.Duration;
import java.util.Optional;

/**
 * Requests for what other nodes have. Immutable, thread-safe.
 *
 * @param host where this node takes those of others
 * @param port 0 takes a free one
 * @param connections to each other node, of one router verticle
 * @param requests that one router verticle has at other nodes; further ones are refused
 * @param tries nodes that are asked for one request at most
 * @param longestPause until a node that did not answer is tried again
 * @param tls between nodes; empty: there is none
 */
public record RoutingConfig(
        String host,
        int port,
        int connections,
        int requests,
        int tries,
        Duration longestPause,
        Optional<PeerTls> tls) {}
