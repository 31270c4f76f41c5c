package dev.augur.model.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.augur.model.onnx.GraphScan.Constant;
import dev.augur.model.onnx.ProtobufReader.Stretch;
import dev.augur.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A model file in the form that ONNX Runtime for Java can serve it in, where that is another one than on disk.
 *
 * <p>A graph's input which is also an initializer has a default (IR version 4 and later). ONNX Runtime for Java neither
 * lists nor accepts such inputs. Here the initializer is taken out, which makes it an ordinary input, and its value
 * kept. Initializers that are larger than 64 KiB or lie in another file stay constants, as do all of a graph that has
 * more than 64 such inputs: some exporters list every weight as an input.
 *
 * <p>A ZipMap node whose maps are an output gives way to one that yields its input, and its classes are kept.
 *
 * <p>Outputs of types that ONNX Runtime for Java does not know at all, sparse tensors and optional values, are taken
 * out.
 *
 * <p>Files above 256 MiB stay as they are. Thread-safe.
 */
final class ChangedFile {
    /** The changed model is held on the heap while it is loaded. */
    private static final long MAX_FILE_BYTES = 256L << 20;

    private static final int MAX_DEFAULTS = 64;
    private static final int FIRST_IR_VERSION_WITH_DEFAULTS = 4;
    private static final int GRAPH = 7;
    private static final int MODEL_OPSET = 8;
    private static final int ADDED_OPSET = 13;

    /** Bytes of the graph that give way to others. */
    private record Edit(Stretch stretch, ByteString replacement) {}

    private final byte[] bytes;
    private final Map<String, Tensor> defaults;
    private final Map<String, List<Object>> classes;
    private final Map<String, String> notServed;

    private ChangedFile(
            byte[] bytes,
            Map<String, Tensor> defaults,
            Map<String, List<Object>> classes,
            Map<String, String> notServed) {
        this.bytes = bytes;
        this.defaults = defaults;
        this.classes = classes;
        this.notServed = notServed;
    }

    /** The changed model; none if the file is served as it is, or could not be read. */
    static Optional<ChangedFile> of(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                return Optional.empty();
            }
            var scan = GraphScan.of(file);
            var defaults = defaults(scan);
            var zipMaps = scan.zipMaps().stream()
                    .filter(node -> scan.outputs().containsKey(node.output()))
                    .toList();
            if (scan.graphs().size() != 1
                    || (defaults.isEmpty()
                            && zipMaps.isEmpty()
                            && scan.foreignOutputs().isEmpty())) {
                return Optional.empty();
            }
            return Optional.of(changed(file, scan, defaults, zipMaps));
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

    /** What the columns of an output stand for, numbers or texts, by name of the output. */
    Map<String, List<Object>> classes() {
        return classes;
    }

    /** Outputs that were taken out, by name, with what they are. */
    Map<String, String> notServed() {
        return notServed;
    }

    /** A whole file; none if it is too large to be held, or cannot be read. */
    static Optional<byte[]> read(Path file) {
        try {
            return Files.size(file) > MAX_FILE_BYTES ? Optional.empty() : Optional.of(Files.readAllBytes(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Inputs that are constants too. */
    private static Map<String, Constant> defaults(GraphScan scan) {
        var defaults = new LinkedHashMap<>(scan.constants());
        defaults.keySet().retainAll(scan.inputs());
        boolean served = scan.irVersion() >= FIRST_IR_VERSION_WITH_DEFAULTS && defaults.size() <= MAX_DEFAULTS;
        return served ? defaults : Map.of();
    }

    private static ChangedFile changed(Path file, GraphScan scan, Map<String, Constant> defaults, List<ZipMap> zipMaps)
            throws IOException {
        var edits = new ArrayList<Edit>();
        var values = new LinkedHashMap<String, Tensor>();
        var classes = new LinkedHashMap<String, List<Object>>();
        defaults.forEach((name, constant) -> {
            edits.add(new Edit(constant.field(), ByteString.EMPTY));
            values.put(name, constant.value());
        });
        for (ZipMap node : zipMaps) {
            if (classes.put(node.output(), List.copyOf(node.classes())) != null) {
                throw new IOException("two nodes yield " + node.output());
            }
            edits.add(new Edit(node.field(), node.replacement(opset(scan))));
            edits.add(new Edit(Objects.requireNonNull(scan.outputs().get(node.output())), node.outputReplacement()));
        }
        for (String output : scan.foreignOutputs().keySet()) {
            edits.add(new Edit(Objects.requireNonNull(scan.outputs().get(output)), ByteString.EMPTY));
        }
        return new ChangedFile(apply(edits, file, scan), values, classes, scan.foreignOutputs());
    }

    /** The bytes of the whole changed file. */
    private static byte[] apply(List<Edit> edits, Path file, GraphScan scan) throws IOException {
        var graph = scan.graphs().get(0);
        byte[] old = Files.readAllBytes(file);
        if (old.length < graph.field().end()) {
            throw new IOException("the file became shorter");
        }
        edits.sort(Comparator.comparingInt(edit -> edit.stretch().start()));
        int length = graph.content().length();
        for (Edit edit : edits) {
            length += edit.replacement().size() - edit.stretch().length();
        }
        byte[] header = header(length);
        byte[] end = end(scan);
        var changed = ByteBuffer.allocate(old.length - graph.field().length() + header.length + length + end.length);
        changed.put(old, 0, graph.field().start()).put(header);
        int at = graph.content().start();
        for (Edit edit : edits) {
            changed.put(old, at, edit.stretch().start() - at);
            edit.replacement().copyTo(changed);
            at = edit.stretch().end();
        }
        return changed.put(old, at, old.length - at).put(end).array();
    }

    /**
     * What comes behind the old file: the operators that nodes put into the graph are of, where the model uses none of
     * their domain.
     */
    private static byte[] end(GraphScan scan) {
        if (scan.opset() != 0 || scan.zipMaps().isEmpty()) {
            return new byte[0];
        }
        return new Message()
                .message(MODEL_OPSET, new Message().text(1, "").number(2, ADDED_OPSET))
                .bytes();
    }

    /** The version of operators that nodes put into the graph are of. */
    private static long opset(GraphScan scan) {
        return scan.opset() == 0 ? ADDED_OPSET : scan.opset();
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
