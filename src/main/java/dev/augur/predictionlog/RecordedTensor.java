package dev.augur.predictionlog;

import dev.augur.digest.Sha256;
import dev.augur.json.JsonText;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Portions;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as it stands in a record: whole, or, if it is too large, by its digest. Immutable, thread-safe.
 *
 * @param whole the tensor; absent if it is too large
 * @param text the elements of the whole tensor as its sender wrote them, one behind the other with commas between;
 *     absent if they are to be written anew
 * @param bytes of its elements in the protocol's binary form
 * @param sha256 of those bytes, in hexadecimal digits; absent if the tensor is there
 */
public record RecordedTensor(
        DataType datatype,
        Shape shape,
        @Nullable Tensor whole,
        @Nullable JsonText text,
        long bytes,
        @Nullable String sha256) {

    /** Each tensor by its name; see the other. */
    public static Map<String, Object> all(List<Tensor> tensors, long maxBytes) {
        return all(tensors, Map.of(), maxBytes);
    }

    /**
     * Each tensor by its name.
     *
     * @param texts of those whose elements are there as JSON, by name
     * @param maxBytes of one tensor, to be kept whole
     */
    public static Map<String, Object> all(List<Tensor> tensors, Map<String, JsonText> texts, long maxBytes) {
        var recorded = new LinkedHashMap<String, Object>();
        for (Tensor tensor : tensors) {
            recorded.put(tensor.name(), of(tensor, texts.get(tensor.name()), maxBytes));
        }
        return recorded;
    }

    private static RecordedTensor of(Tensor tensor, @Nullable JsonText text, long maxBytes) {
        int bytes = tensor.data().limit();
        return bytes <= maxBytes
                ? new RecordedTensor(tensor.datatype(), tensor.shape(), tensor, text, bytes, null)
                : new RecordedTensor(tensor.datatype(), tensor.shape(), null, null, bytes, digest(tensor));
    }

    private static String digest(Tensor tensor) {
        var digest = Sha256.begin();
        Portions.each(tensor.elements(), digest::update);
        return Sha256.hex(digest);
    }
}
