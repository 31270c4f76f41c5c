package dev.augur.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageCodec;

/** The codecs of messages that are no JSON. Each has a name, which its senders give with the message. Thread-safe. */
public final class Codecs {
    private Codecs() {}

    /** Makes a codec known to an event bus; may be done again, by whatever else uses the same one. */
    public static void register(Vertx vertx, MessageCodec<?, ?> codec) {
        try {
            vertx.eventBus().registerCodec(codec);
        } catch (IllegalStateException alreadyRegistered) {
            // The registry of codecs cannot be asked; a second one of the same name is refused this way.
        }
    }
}
