package dev.augur.consumer;

import dev.augur.bridge.BridgeConfig;
import java.time.Duration;

/**
 * The addresses of the event bus as configured.
 *
 * @param instances event loops that serve each address
 * @param maxRequests requests in flight on this node; further ones are refused
 * @param limits those of requests over HTTP
 * @param bridge how clients reach them that are no Vert.x programs
 */
public record ConsumerConfig(int instances, int maxRequests, Limits limits, BridgeConfig bridge) {
    /**
     * What one request may be.
     *
     * @param bodyBytes largest body of a request to a pipeline
     * @param inferenceBodyBytes largest body of an inference request
     * @param eventLoopBytes largest JSON that is read or written on the event loop; larger ones go to a worker
     * @param requestTimeout longest time to an answer
     */
    public record Limits(int bodyBytes, int inferenceBodyBytes, int eventLoopBytes, Duration requestTimeout) {}
}
