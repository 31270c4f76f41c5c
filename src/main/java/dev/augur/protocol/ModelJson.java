package dev.augur.protocol;

import dev.augur.model.TensorMetadata;
import dev.augur.model.runtime.BatchClosed;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.model.runtime.ModelRunner;
import dev.augur.model.runtime.ModelStatistics;
import dev.augur.model.runtime.ModelStatistics.Total;
import dev.augur.tensor.DataType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** The JSON of the extensions model repository, model configuration and statistics. Thread-safe. */
public final class ModelJson {
    private ModelJson() {}

    /** {@code {name, version, state, reason}}. */
    public static JsonObject indexEntry(ModelRegistry.Entry entry) {
        return new JsonObject()
                .put("name", entry.name())
                .put("version", entry.version())
                .put("state", entry.state().text())
                .put("reason", entry.reason());
    }

    /**
     * What load generators read before they send: name, platform, largest batch, inputs and outputs without the batch
     * dimension.
     */
    public static JsonObject config(ModelRunner runner) {
        var metadata = runner.metadata();
        boolean batched = runner.batching().batched();
        return new JsonObject()
                .put("name", metadata.name())
                .put("platform", metadata.platform())
                .put("backend", metadata.platform().replaceAll("_.*", ""))
                .put("max_batch_size", batched ? runner.maxBatchRows() : 0)
                .put("parameters", parameters(runner))
                .put("input", tensors(metadata.inputs(), batched))
                .put("output", tensors(metadata.outputs(), batched));
    }

    private static JsonObject parameters(ModelRunner runner) {
        var batching = new JsonObject().put("string_value", runner.batching().text());
        return new JsonObject().put("batching", batching);
    }

    /** One member of {@code model_stats}. */
    public static JsonObject statistics(ModelRunner runner) {
        var metadata = runner.metadata();
        var counts = runner.statistics().snapshot();
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
                .put("batching", runner.batching().text())
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
