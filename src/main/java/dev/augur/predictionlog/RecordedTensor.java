package dev.augur.predictionlog;

import dev.augur.digest.Sha256;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as it stands in a record: whole, or, if it is too large, by its digest. Immutable, thread-safe.
 *
 * @param whole a copy, which keeps no memory of the request alive; absent if the tensor is too large
 * @param bytes of its elements in the protocol's binary form
 * @param sha256 of those bytes, in hexadecimal digits; absent if the tensor is there
 */
public record RecordedTensor(
        DataType datatype, Shape shape, @Nullable Tensor whole, long bytes, @Nullable String sha256) {

    /**
     * Each tensor by its name.
     *
     * @param maxBytes of one tensor, to be kept whole
     */
    public static Map<String, Object> all(List<Tensor> tensors, long maxBytes) {
        var recorded = new LinkedHashMap<String, Object>();
        for (Tensor tensor : tensors) {
            recorded.put(tensor.name(), of(tensor, maxBytes));
        }
        return recorded;
    }

    private static RecordedTensor of(Tensor tensor, long maxBytes) {
        int bytes = tensor.data().limit();
        return bytes <= maxBytes
                ? new RecordedTensor(tensor.datatype(), tensor.shape(), copy(tensor), bytes, null)
                : new RecordedTensor(tensor.datatype(), tensor.shape(), null, bytes, digest(tensor));
    }

    private static Tensor copy(Tensor tensor) {
        var elements = tensor.elements();
        var copy = ByteBuffer.allocate(elements.remaining()).order(elements.order());
        copy.put(elements).flip();
        return new Tensor(tensor.name(), tensor.datatype(), tensor.shape(), copy);
    }

    private static String digest(Tensor tensor) {
        var digest = Sha256.begin();
        digest.update(tensor.elements());
        return Sha256.hex(digest);
    }
}
