package dev.augur.bridge;

import io.vertx.core.json.JsonObject;

/** A connection of a client, whatever carries it. Confined to one event loop. */
interface Wire {
    /** The word for a message to the client: {@code rec} over SockJS, {@code message} over TCP. */
    String messageType();

    /** Whether a ping has an answer: clients over SockJS do not know any. */
    boolean answersPings();

    /** What the client showed when it connected; empty if nothing. */
    String shown();

    void write(JsonObject message);

    /** Whether the client reads too slowly. */
    boolean isFull();

    /**
     * Ends it without reading on. Over TCP, Vert.x first sends what is queued, so for a client that does not read this
     * takes until the time-out of silent connections.
     */
    void cutOff();
}
