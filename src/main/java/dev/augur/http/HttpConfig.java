package dev.augur.http;

import java.time.Duration;

/**
 * The HTTP server as configured.
 *
 * @param listener where it listens
 * @param limits what one client may ask of it
 */
public record HttpConfig(Listener listener, Limits limits) {

    /**
     * Where the server listens.
     *
     * @param port 0 takes a free one
     * @param instances router verticles, each on an event loop of its own
     */
    public record Listener(String host, int port, int instances) {}

    /**
     * What one client may ask of the server.
     *
     * @param connections open connections of one router verticle; further ones are closed at once
     * @param bodyBytes largest body of a typed route
     * @param inferenceBodyBytes largest body of an inference request
     * @param bodyMemoryBytes what the bodies of all requests together may take
     * @param eventLoopBytes largest JSON that is read or written on the event loop; larger ones go to a worker
     * @param requestTimeout longest time from a request's head to its answer
     * @param bodyTimeout time in which a request's body must have arrived whole
     * @param idleTimeout time in which a connection without a request in flight must send a whole request head
     */
    public record Limits(
            int connections,
            int bodyBytes,
            int inferenceBodyBytes,
            long bodyMemoryBytes,
            int eventLoopBytes,
            Duration requestTimeout,
            Duration bodyTimeout,
            Duration idleTimeout) {}
}
