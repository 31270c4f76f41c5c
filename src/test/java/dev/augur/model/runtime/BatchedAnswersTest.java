package dev.augur.model.runtime;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.augur.inference.Priority;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.ModelSource;
import dev.augur.model.Run;
import dev.augur.model.TensorMetadata;
import dev.augur.model.VersionPolicy;
import dev.augur.model.onnx.OnnxModelLoader;
import dev.augur.predictionlog.Delivery;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Graphs in the shapes that exporters write, and such as mix rows: each of many requests at once gets what it gets
 * alone, and those whose rows are independent are joined.
 */
@ExtendWith(VertxExtension.class)
class BatchedAnswersTest {
    private static final Future<Void> STAYS = Promise.<Void>promise().future();
    private static final int REQUESTS = 24;
    private static final ModelConfig.Batching BATCHING = new ModelConfig.Batching(32, Duration.ofMillis(20));

    private static Vertx vertx;

    @TempDir
    private Path repository;

    @BeforeAll
    static void start(Vertx vertx) {
        BatchedAnswersTest.vertx = vertx;
    }

    static Stream<String> independent() throws IOException {
        return graphs("independent");
    }

    static Stream<String> dependent() throws IOException {
        return graphs("dependent");
    }

    private static Stream<String> graphs(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "rows", folder))) {
            return files
                    .map(file ->
                            folder + "/" + String.valueOf(file.getFileName()).replace(".onnx", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("independent")
    void graphsOfExportersAreBatchedAndAnswerAsAlone(String graph) throws Exception {
        try (Model model = load(graph)) {
            var batching = new RowCheck(vertx).decide(model, BATCHING);
            assertThat(batching).isEqualTo(BatchDecision.INDEPENDENT);
            var counts = eachAnswersAsAlone(model, batching);
            assertThat(counts.executions()).isLessThan(REQUESTS);
        }
    }

    @ParameterizedTest
    @MethodSource("dependent")
    void graphsThatMixRowsAreNotBatchedAndAnswerAsAlone(String graph) throws Exception {
        try (Model model = load(graph)) {
            var batching = new RowCheck(vertx).decide(model, BATCHING);
            assertThat(batching.batched()).as(batching.text()).isFalse();
            assertThat(batching.text()).startsWith("off: ");
            var counts = eachAnswersAsAlone(model, batching);
            assertThat(counts.executions()).isEqualTo(REQUESTS);
        }
    }

    private Model load(String graph) throws Exception {
        var folder = Files.createDirectories(repository.resolve("1"));
        Files.copy(Path.of("src", "test", "resources", "rows", graph + ".onnx"), folder.resolve("model.onnx"));
        return new OnnxModelLoader().load(new ModelSource(graph, "1", folder, /* threads= */ 1));
    }

    private static ModelStatistics.Snapshot eachAnswersAsAlone(Model model, BatchDecision batching) throws Exception {
        var pool = new WorkerPool(vertx, "rows", 1, 1);
        var runner = new ModelRunner(
                vertx,
                new LoadedModel(model, "digest", batching),
                config(),
                new ModelWorkers(pool, Optional.empty(), 1));
        long seed = System.nanoTime();
        var random = new Random(seed);
        var outputs =
                model.metadata().outputs().stream().map(TensorMetadata::name).toList();
        var alone = new ArrayList<List<Tensor>>();
        var joined = new ArrayList<Future<List<Tensor>>>();
        for (int i = 0; i < REQUESTS; i++) {
            var inputs = inputs(model.metadata(), 1 + random.nextInt(3), random);
            alone.add(model.predict(inputs, outputs, new Run()));
            joined.add(runner.run(
                    new Inference(Inference.Checked.of(inputs, outputs), Priority.DEFAULT, vertx.getOrCreateContext()),
                    null,
                    STAYS));
        }
        await(Future.all(joined));
        for (int i = 0; i < REQUESTS; i++) {
            same(joined.get(i).result(), alone.get(i), "request " + i + " of seed " + seed);
        }
        pool.close();
        return runner.statistics().snapshot();
    }

    private static ModelConfig config() {
        return new ModelConfig(
                VersionPolicy.LATEST,
                new ModelConfig.Workers(1, Optional.empty()),
                new ModelConfig.Admission(1_000, 1_000, Duration.ZERO),
                BATCHING,
                /* warmUpRuns= */ 0,
                ModelConfig.Limits.DEFAULT,
                Delivery.OFF);
    }

    private static void same(List<Tensor> joined, List<Tensor> alone, String what) {
        for (int i = 0; i < alone.size(); i++) {
            assertThat(joined.get(i).shape()).as(what).isEqualTo(alone.get(i).shape());
            var got = TensorValues.of(joined.get(i));
            var expected = TensorValues.of(alone.get(i));
            for (int j = 0; j < expected.size(); j++) {
                if (expected.get(j) instanceof Float number) {
                    double size = Math.max(1, Math.abs(number));
                    assertThat((double) (float) got.get(j)).as(what).isCloseTo(number, within(1e-4 * size));
                } else {
                    assertThat(got.get(j)).as(what).isEqualTo(expected.get(j));
                }
            }
        }
    }

    private static List<Tensor> inputs(ModelMetadata metadata, int rows, Random random) {
        return metadata.inputs().stream()
                .map(input -> tensor(input, rows, random))
                .toList();
    }

    private static Tensor tensor(TensorMetadata input, int rows, Random random) {
        var shape = Shape.of(Arrays.stream(input.shape().toArray())
                        .map(dimension -> dimension == Shape.VARIABLE ? 6 : dimension)
                        .toArray())
                .withRows(rows);
        int count = (int) shape.elements();
        if (input.datatype() == DataType.BYTES) {
            var words = input.name().equals("numbers") ? List.of("1 22", "7", "5 6 7") : List.of("a", "bc");
            return Tensor.ofBytes(
                    input.name(),
                    shape,
                    IntStream.range(0, count)
                            .mapToObj(i -> words.get(random.nextInt(words.size())))
                            .map(word -> word.getBytes(StandardCharsets.UTF_8))
                            .toList());
        }
        var data = ByteBuffer.allocate(count * input.datatype().elementBytes()).order(ByteOrder.LITTLE_ENDIAN);
        double size = Math.pow(10, random.nextInt(3) - 1);
        while (data.hasRemaining()) {
            switch (input.datatype()) {
                case FP32 -> data.putFloat((float) (random.nextGaussian() * size));
                case INT64 -> data.putLong(random.nextInt(4));
                default -> throw new IllegalArgumentException(input.toString());
            }
        }
        return new Tensor(input.name(), input.datatype(), shape, data.flip());
    }
}
