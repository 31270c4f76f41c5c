package dev.augur.consumer;

import io.vertx.core.eventbus.Message;

/**
 * How large the bodies of messages may be, and what it costs to read them. Thread-safe.
 *
 * @param clustered whether messages may come from other nodes
 */
record MessageBodies(ConsumerConfig.Limits limits, boolean clustered) {
    /**
     * What it costs to read a body. One that came from another node is decoded when it is first asked for, and does not
     * tell its size before, so in a cluster all are taken for large.
     */
    long cost(Message<Object> message) {
        return clustered ? Long.MAX_VALUE : MessageBody.about(message.body(), limits.eventLoopBytes());
    }
}
