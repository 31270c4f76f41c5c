package dev.augur.consumer;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.protocol.InferenceBody;
import dev.augur.request.InferencePath;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;

/**
 * An answer as it goes out, in the form of its request. Not changed after it is made.
 *
 * @param bytes about its size
 */
record Reply(Object body, long bytes, DeliveryOptions options) {
    /** Fails with {@code INVALID_ARGUMENT} for binary tensors in any form but a buffer. */
    static Reply of(Message<Object> message, InferenceBody answer) {
        var form = MessageBody.Form.of(MessageBody.of(message));
        var bytes = Buffer.buffer(answer.toByteArray());
        if (answer.binary().isEmpty()) {
            return new Reply(form.of(bytes), bytes.length(), new DeliveryOptions());
        }
        if (form != MessageBody.Form.BUFFER) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "outputs in binary are for requests in a Buffer, which are answered in one");
        }
        return new Reply(
                bytes,
                bytes.length(),
                new DeliveryOptions()
                        .addHeader(
                                InferencePath.JSON_LENGTH,
                                String.valueOf(answer.json().limit())));
    }

    /**
     * The answer of a pipeline.
     *
     * @param limit up to where its size is of interest
     */
    static Reply of(Message<Object> message, JsonObject answer, long limit) {
        var body = MessageBody.Form.of(MessageBody.of(message)).of(answer);
        return new Reply(body, MessageBody.about(body, limit), new DeliveryOptions());
    }
}
