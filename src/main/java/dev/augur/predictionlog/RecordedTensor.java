package dev.augur.predictionlog;

import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors as they stand in a record: whole, or, if they are too large, by their digest. Thread-safe. */
public final class RecordedTensor {
    private RecordedTensor() {}

    /**
     * Each tensor by its name.
     *
     * @param maxBytes of its elements in the protocol's binary form, to be kept whole
     */
    public static Map<String, Object> all(List<Tensor> tensors, long maxBytes) {
        var recorded = new LinkedHashMap<String, Object>();
        tensors.forEach(tensor -> recorded.put(tensor.name(), one(tensor, maxBytes)));
        return recorded;
    }

    private static Map<String, Object> one(Tensor tensor, long maxBytes) {
        var recorded = new LinkedHashMap<String, Object>();
        recorded.put("datatype", tensor.datatype().name());
        recorded.put("shape", tensor.shape().toArray());
        int bytes = tensor.data().limit();
        if (bytes <= maxBytes) {
            recorded.put("data", TensorValues.of(tensor));
        } else {
            recorded.put("bytes", bytes);
            recorded.put("sha256", sha256(tensor));
            recorded.put("truncated", true);
        }
        return recorded;
    }

    private static String sha256(Tensor tensor) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(tensor.elements());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
