package dev.augur.http;

/** Makes a group of routes for a node. Called once, at its start. */
@FunctionalInterface
public interface RouteSource {
    /** A group that is not deployed yet. */
    RouteGroup open(NodeServices services);
}
