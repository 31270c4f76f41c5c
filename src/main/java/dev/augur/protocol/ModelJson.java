package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.invalid;

import dev.augur.inference.BatchClosed;
import dev.augur.inference.ModelRegistry;
import dev.augur.inference.ModelRunner;
import dev.augur.inference.ModelStatistics;
import dev.augur.inference.ModelStatistics.Total;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The JSON of the extensions model repository, model configuration and statistics. Thread-safe. */
public final class ModelJson {
    private ModelJson() {}

    /**
     * Reads {@code {"ready": bool}}; an empty body asks for everything.
     *
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} when the body is something else
     */
    public static boolean wantsReady(byte[] body) {
        if (body.length == 0) {
            return false;
        }
        try {
            var ready = new JsonObject(Buffer.buffer(body)).getValue("ready");
            if (ready == null || ready instanceof Boolean) {
                return Boolean.TRUE.equals(ready);
            }
        } catch (DecodeException e) {
            // refused below
        }
        throw invalid("the body must be a JSON object; \"ready\" in it must be true or false");
    }

    /**
     * Refuses a body of load or unload that asks for what is not served, such as a configuration or a model's file.
     *
     * @param known parameters that may be there
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} when the body is something else or has other parameters
     */
    public static void refuseParameters(byte[] body, Set<String> known) {
        if (body.length == 0) {
            return;
        }
        try {
            var parameters = new JsonObject(Buffer.buffer(body)).getValue("parameters", new JsonObject());
            if (parameters instanceof JsonObject given) {
                given.fieldNames().stream()
                        .filter(name -> !known.contains(name))
                        .findFirst()
                        .ifPresent(name -> {
                            throw invalid(
                                    "parameter \"" + name + "\" is not served: models come from the repository alone");
                        });
                return;
            }
        } catch (DecodeException e) {
            // refused below
        }
        throw invalid("the body must be a JSON object; \"parameters\" in it must be one, too");
    }

    /** {@code {name, version, state, reason}}. */
    public static JsonObject indexEntry(ModelRegistry.Entry entry) {
        return new JsonObject()
                .put("name", entry.name())
                .put("version", entry.version())
                .put("state", entry.state().name())
                .put("reason", entry.reason());
    }

    /** What load generators read before they send: name, platform, largest batch, inputs and outputs without the batch dimension. */
    public static JsonObject config(ModelRunner runner) {
        var metadata = runner.metadata();
        boolean batched = runner.batched();
        return new JsonObject()
                .put("name", metadata.name())
                .put("platform", metadata.platform())
                .put("backend", metadata.platform().replaceAll("_.*", ""))
                .put("max_batch_size", batched ? runner.maxBatchRows() : 0)
                .put("input", tensors(metadata.inputs(), batched))
                .put("output", tensors(metadata.outputs(), batched));
    }

    /** One member of {@code model_stats}. */
    public static JsonObject statistics(ModelMetadata metadata, ModelStatistics.Snapshot counts) {
        var stages = counts.stages();
        var batches = new JsonArray();
        counts.batches()
                .forEach((rows, totals) -> batches.add(new JsonObject()
                        .put("batch_size", rows)
                        .put("compute_input", total(totals.computeInput()))
                        .put("compute_infer", total(totals.computeInfer()))
                        .put("compute_output", total(totals.computeOutput()))));
        return new JsonObject()
                .put("name", metadata.name())
                .put("version", metadata.version())
                .put("last_inference", counts.lastInferenceMillis())
                .put("inference_count", counts.rows())
                .put("execution_count", counts.executions())
                .put(
                        "inference_stats",
                        new JsonObject()
                                .put("success", total(stages.success()))
                                .put("fail", total(stages.fail()))
                                .put("queue", total(stages.queue()))
                                .put("compute_input", total(stages.computeInput()))
                                .put("compute_infer", total(stages.computeInfer()))
                                .put("compute_output", total(stages.computeOutput()))
                                .put("cache_hit", NOTHING.copy())
                                .put("cache_miss", NOTHING.copy()))
                .put("response_stats", new JsonObject().put("0", responses(counts)))
                .put("batch_stats", batches)
                .put("batch_closed", closed(counts))
                .put("memory_usage", new JsonArray());
    }

    /** Each request has one response, so these are the totals of the requests. */
    private static JsonObject responses(ModelStatistics.Snapshot counts) {
        var stages = counts.stages();
        return new JsonObject()
                .put("compute_infer", total(stages.computeInfer()))
                .put("compute_output", total(stages.computeOutput()))
                .put("success", total(stages.success()))
                .put("fail", total(stages.fail()))
                .put("empty_response", NOTHING.copy())
                .put("cancel", NOTHING.copy().put("count", counts.cancelled()));
    }

    /** How many batches went for which reason; not in the protocol. */
    private static JsonObject closed(ModelStatistics.Snapshot counts) {
        var reasons = new JsonObject();
        for (BatchClosed reason : BatchClosed.values()) {
            reasons.put(reason.name().toLowerCase(Locale.ROOT), counts.closed().getOrDefault(reason, 0L));
        }
        return reasons;
    }

    private static final JsonObject NOTHING = new JsonObject().put("count", 0).put("ns", 0);

    private static JsonObject total(Total total) {
        return new JsonObject().put("count", total.count()).put("ns", total.nanos());
    }

    private static JsonArray tensors(List<TensorMetadata> tensors, boolean batched) {
        var array = new JsonArray();
        for (TensorMetadata tensor : tensors) {
            var dimensions = new JsonArray();
            for (int i = batched && !tensor.optional() ? 1 : 0;
                    i < tensor.shape().rank();
                    i++) {
                dimensions.add(tensor.shape().dimension(i));
            }
            var json = new JsonObject()
                    .put("name", tensor.name())
                    .put("data_type", dataType(tensor.datatype()))
                    .put("dims", dimensions);
            if (tensor.optional()) {
                json.put("optional", true);
            }
            array.add(json);
        }
        return array;
    }

    private static String dataType(DataType datatype) {
        return "TYPE_" + (datatype == DataType.BYTES ? "STRING" : datatype.name());
    }
}
