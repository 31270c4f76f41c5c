package dev.augur.model.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Places of weights that lie in other files than their model. They are written down from the model's folder, and may
 * not lead out of it. Behind symbolic links, as in the caches of model hubs, the files themselves lie anywhere, which
 * ONNX Runtime takes for leading out; so their places are written anew, from the root of the file system. Used on one
 * thread.
 */
final class LinkedWeights {
    private static final String PLACE = "location";
    private static final int KEY = 1;
    private static final int VALUE = 2;

    /**
     * The messages of the ONNX project's {@code onnx.proto} that lead to tensors, with the fields in which the next one
     * stands.
     */
    private enum Kind {
        MODEL,
        FUNCTION,
        GRAPH,
        NODE,
        ATTRIBUTE,
        SPARSE_TENSOR,
        TENSOR,
        ENTRY;

        private Map<Integer, Kind> parts() {
            return switch (this) {
                case MODEL -> Map.of(7, GRAPH, 25, FUNCTION);
                case FUNCTION -> Map.of(7, NODE);
                case GRAPH -> Map.of(1, NODE, 5, TENSOR, 15, SPARSE_TENSOR);
                case NODE -> Map.of(5, ATTRIBUTE);
                case ATTRIBUTE ->
                    Map.of(5, TENSOR, 6, GRAPH, 10, TENSOR, 11, GRAPH, 22, SPARSE_TENSOR, 23, SPARSE_TENSOR);
                case SPARSE_TENSOR -> Map.of(1, TENSOR, 2, TENSOR);
                case TENSOR -> Map.of(13, ENTRY);
                case ENTRY -> Map.of();
            };
        }
    }

    private final Path directory;
    private boolean found;

    private LinkedWeights(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /**
     * The model with the places of its files from the root of the file system, behind links.
     *
     * @param directory where the model lies
     * @return none if the model has no such files, or one of them is not there or not below the directory
     */
    static Optional<byte[]> fromRoot(byte[] model, Path directory) {
        var data = new LinkedWeights(directory);
        try {
            var changed = data.changed(ByteString.copyFrom(model), Kind.MODEL);
            return data.found ? Optional.of(changed.toByteArray()) : Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.empty(); // ONNX Runtime says what is wrong with it
        }
    }

    /** The root of the file system that holds a folder. */
    static Path root(Path directory) {
        var absolute = directory.toAbsolutePath();
        var root = absolute.getRoot();
        return root == null ? absolute : root;
    }

    private ByteString changed(ByteString message, Kind kind) throws IOException {
        var fields = UnknownFieldSet.parseFrom(message);
        if (kind == Kind.ENTRY) {
            return entry(message, new Fields(fields));
        }
        var changed = fields.toBuilder();
        for (var part : kind.parts().entrySet()) {
            if (fields.hasField(part.getKey())) {
                var field = Field.newBuilder();
                for (ByteString each : fields.getField(part.getKey()).getLengthDelimitedList()) {
                    field.addLengthDelimited(changed(each, part.getValue()));
                }
                changed.addField(part.getKey(), field.build());
            }
        }
        return found ? changed.build().toByteString() : message;
    }

    private ByteString entry(ByteString message, Fields entry) throws IOException {
        if (!entry.text(KEY).equals(PLACE)) {
            return message;
        }
        var place = Path.of(entry.text(VALUE));
        var file = directory.resolve(place).normalize();
        if (place.isAbsolute() || !file.startsWith(directory)) {
            throw new IOException("weights outside the model's folder");
        }
        found = true;
        var real = file.toRealPath();
        var fromRoot = root(real).relativize(real).toString();
        return ByteString.copyFrom(
                new Message().text(KEY, PLACE).text(VALUE, fromRoot).bytes());
    }
}
