package dev.augur.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS between nodes, both of which show a certificate. Immutable, thread-safe.
 *
 * @param certificate file of PEM: the node's, with those between it and its authority behind it
 * @param key its private key
 * @param authority file of PEM: who signs the certificates of nodes
 * @param name that every node's certificate has; empty: each has its node's address
 */
public record PeerTls(Path certificate, Path key, Path authority, Optional<String> name) {}
