package dev.augur.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * An answer ready to be sent: JSON, and behind it the tensors wanted in binary. Not changed after it is made.
 *
 * @param json UTF-8
 * @param binary the tensors, in order; empty if all are in the JSON
 */
public record InferenceBody(ByteBuffer json, List<ByteBuffer> binary) {
    public InferenceBody {
        binary = List.copyOf(binary);
    }

    /** All of it, in order. */
    public List<ByteBuffer> parts() {
        if (binary.isEmpty()) {
            return List.of(json);
        }
        return Stream.concat(Stream.of(json), binary.stream()).toList();
    }

    /** Its length. */
    public long bytes() {
        long bytes = json.remaining();
        for (ByteBuffer tensor : binary) {
            bytes += tensor.remaining();
        }
        return bytes;
    }

    /** All of it in one array. */
    public byte[] toByteArray() {
        var all = ByteBuffer.allocate(Math.toIntExact(bytes()));
        parts().forEach(part -> all.put(part.duplicate()));
        return all.array();
    }
}
