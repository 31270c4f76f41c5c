package dev.augur.pipeline;

import static java.util.Objects.requireNonNull;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.Halves;
import dev.augur.tensor.Tensor;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of an answer out of one row of a model's outputs. Made once for each version of the model. Thread-safe. */
final class OutputFields {
    private static final String LABEL = "label";

    private final Map<String, String> outputs;
    private final Optional<String> label;
    private final List<String> classNames;

    private OutputFields(Map<String, String> outputs, Optional<String> label, List<String> classNames) {
        this.outputs = outputs;
        this.label = label;
        this.classNames = classNames;
    }

    /**
     * The fields for that version.
     *
     * @throws PipelineFault when the model has no such outputs, or no names of classes
     */
    static OutputFields of(ModelMetadata metadata, PipelineConfig config) throws PipelineFault {
        var known = metadata.outputs().stream().map(TensorMetadata::name).toList();
        var outputs = new LinkedHashMap<>(config.outputs());
        if (outputs.isEmpty()) {
            known.forEach(name -> outputs.put(name, name));
        }
        var wanted = new ArrayList<>(outputs.values());
        config.label().ifPresent(wanted::add);
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw new PipelineFault("the model has no output \"" + name + "\", only " + known);
            }
        }
        var names = classNames(metadata);
        if (config.label().isPresent() && names.isEmpty()) {
            throw new PipelineFault("the model's file has no class_names, which label needs");
        }
        return new OutputFields(outputs, config.label(), names);
    }

    /** The outputs that the model has to compute. */
    List<String> wanted() {
        var wanted = new LinkedHashSet<>(outputs.values());
        label.ifPresent(wanted::add);
        return List.copyOf(wanted);
    }

    /** The names of the fields. */
    List<String> names() {
        var names = new ArrayList<>(outputs.keySet());
        label.ifPresent(output -> names.add(LABEL));
        return names;
    }

    /**
     * The fields of one row.
     *
     * @throws ServingException {@code PREDICTION_FAILED} when an output holds what JSON cannot express, or no class
     */
    Map<String, Object> of(List<Tensor> tensors) {
        var byName = new LinkedHashMap<String, Object>();
        tensors.forEach(tensor -> byName.put(tensor.name(), value(tensor)));
        var fields = new LinkedHashMap<String, Object>();
        outputs.forEach((field, output) -> fields.put(field, requireNonNull(byName.get(output))));
        label.ifPresent(output -> fields.put(LABEL, className(output, requireNonNull(byName.get(output)))));
        return fields;
    }

    private String className(String output, Object number) {
        if (number instanceof Long index && index >= 0 && index < classNames.size()) {
            return classNames.get(index.intValue());
        }
        throw failed(output, "holds " + number + ", which is none of its " + classNames.size() + " classes");
    }

    /** A single value for a single element, a list of them otherwise. */
    static Object value(Tensor tensor) {
        var values = new ArrayList<Object>(tensor.count());
        var elements = tensor.elements();
        while (elements.hasRemaining()) {
            values.add(element(tensor, elements));
        }
        return values.size() == 1 ? values.get(0) : values;
    }

    private static Object element(Tensor tensor, ByteBuffer elements) {
        return switch (tensor.datatype()) {
            case BOOL -> elements.get() != 0;
            case INT8 -> (long) elements.get();
            case UINT8 -> (long) Byte.toUnsignedInt(elements.get());
            case INT16 -> (long) elements.getShort();
            case UINT16 -> (long) Short.toUnsignedInt(elements.getShort());
            case INT32 -> (long) elements.getInt();
            case UINT32 -> Integer.toUnsignedLong(elements.getInt());
            case INT64 -> elements.getLong();
            case UINT64 -> new BigInteger(Long.toUnsignedString(elements.getLong()));
            case FP16 -> single(tensor, Halves.fromFp16(elements.getShort()));
            case BF16 -> single(tensor, Halves.fromBf16(elements.getShort()));
            case FP32 -> single(tensor, elements.getFloat());
            case FP64 -> finite(tensor, elements.getDouble());
            case BYTES -> text(elements);
        };
    }

    /** Kept as it is, so that it is written with the digits that it has. */
    private static Object single(Tensor tensor, float value) {
        if (!Float.isFinite(value)) {
            throw failed(tensor.name(), "holds " + value);
        }
        return value;
    }

    private static Object finite(Tensor tensor, double value) {
        if (!Double.isFinite(value)) {
            throw failed(tensor.name(), "holds " + value);
        }
        return value;
    }

    private static String text(ByteBuffer elements) {
        byte[] bytes = new byte[elements.getInt()];
        elements.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<String> classNames(ModelMetadata metadata) {
        try {
            return new JsonArray(metadata.properties().getOrDefault("class_names", "[]"))
                    .stream().map(String::valueOf).toList();
        } catch (DecodeException e) {
            return List.of();
        }
    }

    private static ServingException failed(String output, String fault) {
        return new ServingException(ErrorCode.PREDICTION_FAILED, "output \"" + output + "\" " + fault);
    }
}
