package dev.augur.protocol;

import java.util.function.LongConsumer;

/** The body of an inference request: UTF-8 JSON, and behind it the binary tensors. Not changed after it is made. */
public final class RequestBody {
    private final byte[] bytes;
    private final int jsonBytes;
    private final LongConsumer memory;

    /**
     * A body.
     *
     * @param jsonBytes how much of it is JSON
     * @param memory told the bytes of each tensor before it is made of JSON; it may refuse
     */
    public RequestBody(byte[] bytes, int jsonBytes, LongConsumer memory) {
        this.bytes = bytes;
        this.jsonBytes = jsonBytes;
        this.memory = memory;
    }

    byte[] bytes() {
        return bytes;
    }

    int jsonBytes() {
        return jsonBytes;
    }

    LongConsumer memory() {
        return memory;
    }
}
