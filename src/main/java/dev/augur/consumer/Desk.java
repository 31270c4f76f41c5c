package dev.augur.consumer;

import dev.augur.serving.JsonWork;
import io.vertx.core.eventbus.Message;

/**
 * What the consumers of one event loop share. Confined to it.
 *
 * @param clustered whether messages may come from other nodes
 */
record Desk(Reception reception, JsonWork work, ConsumerConfig.Limits limits, boolean clustered) {
    /** The header that says how long a caller waits. */
    static final String TIMEOUT = "timeout";

    /**
     * What it costs to read a body. One that came from another node is decoded when it is first asked for, and does not tell its size
     * before, so in a cluster all are taken for large.
     */
    long cost(Message<Object> message) {
        return clustered ? Long.MAX_VALUE : MessageBody.about(message.body(), limits.eventLoopBytes());
    }
}
