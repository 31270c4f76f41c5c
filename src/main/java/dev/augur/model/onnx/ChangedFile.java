package dev.augur.model.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.augur.model.onnx.GraphScan.Constant;
import dev.augur.model.onnx.GraphScan.Graph;
import dev.augur.model.onnx.ProtobufReader.Stretch;
import dev.augur.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model file in the form that ONNX Runtime for Java can serve it in, where that is another one than on disk.
 *
 * <p>A graph's input which is also an initializer has a default (IR version 4 and later). ONNX Runtime for Java neither lists nor
 * accepts such inputs. Here the initializer is taken out, which makes it an ordinary input, and its value kept. Initializers that are
 * larger than 64 KiB or lie in another file stay constants, as do all of a graph that has more than 64 such inputs: some exporters list
 * every weight as an input. So do those of files above 256 MiB. Thread-safe.
 */
final class ChangedFile {
    /** The changed model is held on the heap while it is loaded. */
    private static final long MAX_FILE_BYTES = 256L << 20;

    private static final int MAX_DEFAULTS = 64;
    private static final int FIRST_IR_VERSION_WITH_DEFAULTS = 4;
    private static final int GRAPH = 7;

    /** Bytes of the graph that give way to others. */
    private record Edit(Stretch stretch, ByteString replacement) {}

    private final byte[] bytes;
    private final Map<String, Tensor> defaults;

    private ChangedFile(byte[] bytes, Map<String, Tensor> defaults) {
        this.bytes = bytes;
        this.defaults = defaults;
    }

    /** The changed model; none if the file is served as it is, or could not be read. */
    static Optional<ChangedFile> of(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                return Optional.empty();
            }
            var scan = GraphScan.of(file);
            var defaults = defaults(scan);
            if (scan.graphs().size() != 1 || defaults.isEmpty()) {
                return Optional.empty();
            }
            var edits = new ArrayList<Edit>();
            defaults.values().forEach(constant -> edits.add(new Edit(constant.field(), ByteString.EMPTY)));
            var values = new LinkedHashMap<String, Tensor>();
            defaults.forEach((name, constant) -> values.put(name, constant.value()));
            return Optional.of(new ChangedFile(changed(file, scan.graphs().get(0), edits), values));
        } catch (IOException e) {
            return Optional.empty(); // ONNX Runtime says better what is wrong with it
        }
    }

    /** The changed model. */
    byte[] bytes() {
        return bytes;
    }

    /** Values of the optional inputs, by name. */
    Map<String, Tensor> defaults() {
        return defaults;
    }

    /** Inputs that are constants too. */
    private static Map<String, Constant> defaults(GraphScan scan) {
        var defaults = new LinkedHashMap<>(scan.constants());
        defaults.keySet().retainAll(scan.inputs());
        boolean served = scan.irVersion() >= FIRST_IR_VERSION_WITH_DEFAULTS && defaults.size() <= MAX_DEFAULTS;
        return served ? defaults : Map.of();
    }

    private static byte[] changed(Path file, Graph graph, List<Edit> edits) throws IOException {
        byte[] old = Files.readAllBytes(file);
        if (old.length < graph.field().end()) {
            throw new IOException("the file became shorter");
        }
        edits.sort(Comparator.comparingInt(edit -> edit.stretch().start()));
        int length = graph.content().length();
        for (Edit edit : edits) {
            length += edit.replacement().size() - edit.stretch().length();
        }
        var changed = new ByteArrayOutputStream(old.length);
        changed.write(old, 0, graph.field().start());
        changed.writeBytes(header(length));
        int at = graph.content().start();
        for (Edit edit : edits) {
            changed.write(old, at, edit.stretch().start() - at);
            edit.replacement().writeTo(changed);
            at = edit.stretch().end();
        }
        changed.write(old, at, old.length - at);
        return changed.toByteArray();
    }

    /** What stands before the content of a graph of that length. */
    private static byte[] header(int length) throws IOException {
        var header = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(header);
        out.writeUInt32NoTag((GRAPH << 3) | ProtobufReader.DELIMITED);
        out.writeUInt32NoTag(length);
        out.flush();
        return header.toByteArray();
    }
}
