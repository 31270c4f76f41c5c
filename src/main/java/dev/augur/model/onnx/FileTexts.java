package dev.augur.model.onnx;

import static dev.augur.model.onnx.ProtobufReader.DELIMITED;

import dev.augur.model.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Texts of a model file which ONNX Runtime for Java hands over garbled where they have characters above U+FFFF or a
 * NUL: its custom metadata, and the names of inputs and outputs. Used on one thread.
 */
final class FileTexts {
    private static final int MODEL_GRAPH = (7 << 3) | DELIMITED;
    private static final int MODEL_METADATA = (14 << 3) | DELIMITED;
    private static final int GRAPH_INPUT = (11 << 3) | DELIMITED;
    private static final int GRAPH_OUTPUT = (12 << 3) | DELIMITED;

    private final ProtobufReader in;
    private final Map<String, String> properties = new HashMap<>();
    private final Set<String> names = new HashSet<>();

    private FileTexts(ProtobufReader in) {
        this.in = in;
    }

    /** The texts; none if the file cannot be read to its end, as one of 2 GiB or more. */
    static Optional<FileTexts> of(Path file) {
        try (var stream = Files.newInputStream(file)) {
            var texts = new FileTexts(new ProtobufReader(stream));
            texts.in.fields(texts::model);
            return Optional.of(texts);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The custom metadata. */
    Map<String, String> properties() {
        return properties;
    }

    /** Refuses a model whose tensors cannot be called by name. */
    void requireNames(Set<String> names) throws ModelLoadException {
        for (String name : names) {
            if (!this.names.contains(name)) {
                throw new ModelLoadException("the name of input or output \"" + name
                        + "\" has characters above U+FFFF, which ONNX Runtime for Java does not take");
            }
        }
    }

    private boolean model(int tag, int start) throws IOException {
        switch (tag) {
            case MODEL_GRAPH -> in.message(this::graph);
            case MODEL_METADATA ->
                in.message(Integer.MAX_VALUE).ifPresent(entry -> properties.put(entry.text(1), entry.text(2)));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean graph(int tag, int start) throws IOException {
        if (tag != GRAPH_INPUT && tag != GRAPH_OUTPUT) {
            return false;
        }
        in.message(Integer.MAX_VALUE).ifPresent(value -> names.add(value.text(1)));
        return true;
    }
}
