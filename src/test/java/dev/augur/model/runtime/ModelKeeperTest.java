package dev.augur.model.runtime;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.model.Model;
import dev.augur.model.ModelLoader;
import dev.augur.model.ModelMetadata;
import dev.augur.model.ModelSource;
import dev.augur.model.Run;
import dev.augur.model.TensorMetadata;
import dev.augur.model.VersionPolicy;
import dev.augur.predictionlog.Delivery;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Loads that fail at each of their steps: what was opened is closed, once, and the version can be tried again. */
@ExtendWith(VertxExtension.class)
class ModelKeeperTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    Path repository;

    private Vertx vertx;
    private final ModelRegistry models = new ModelRegistry();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @BeforeEach
    void lay(Vertx vertx) throws Exception {
        this.vertx = vertx;
        Files.createDirectories(repository.resolve("m/1"));
    }

    @Test
    void aModelThatGetsNoWorkersIsClosed() {
        var keeper = keeper(() -> {});
        for (int tries = 1; tries <= 2; tries++) {
            assertThatThrownBy(() -> keeper.load("m")).hasMessageContaining("the server failed to load it");
            assertThat(opened).hasValue(tries);
            assertThat(closed).hasValue(tries);
        }
    }

    @Test
    void aModelWhoseWarmUpThrowsAnErrorIsClosedAndCanBeTriedAgain() {
        var keeper = keeper(() -> {
            throw new StackOverflowError();
        });
        for (int tries = 1; tries <= 2; tries++) {
            assertThatThrownBy(() -> keeper.load("m")).hasMessageContaining("the server failed to load it");
            assertThat(closed).hasValue(tries);
        }
    }

    @Test
    void aModelThatComesBackLateIsClosedThenAndCanBeTriedAgain() throws Exception {
        var gate = new CountDownLatch(1);
        var keeper = keeper(() -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            throw new StackOverflowError();
        });
        assertThatThrownBy(() -> keeper.load("m")).hasMessageContaining("its warm-up did not end within 100 ms");
        assertThatThrownBy(() -> keeper.load("m")).hasMessageContaining("its last load still holds a thread");
        assertThat(closed).hasValue(0);
        gate.countDown();
        eventually(() -> closed.get() == 1);
        assertThatThrownBy(() -> keeper.load("m")).hasMessageContaining("the server failed to load it");
        assertThat(opened).hasValue(2);
        assertThat(closed).hasValue(2);
    }

    /** One whose models do that when they are run, and get no workers. */
    private ModelKeeper keeper(Runnable run) {
        var settings = new ModelConfig(
                VersionPolicy.LATEST,
                new ModelConfig.Workers(1, Optional.empty()),
                new ModelConfig.Admission(1, 1, Duration.ZERO),
                new ModelConfig.Batching(1, Duration.ZERO),
                /* warmUpRuns= */ 1,
                new ModelConfig.Limits(SHORT, SHORT, SHORT, 1),
                Delivery.OFF);
        var config = new ModelsConfig(repository, Optional.empty(), settings, Map.of(), Map.of());
        return new ModelKeeper(config, new Loader(run), models, new WarmUp(vertx), new NoWorkers());
    }

    private static final class NoWorkers implements ModelKeeper.Workshop {
        @Override
        public ModelRunner open(LoadedModel loaded, ModelConfig config) {
            throw new IllegalStateException("no workers");
        }

        @Override
        public void retire(ModelRunner replaced) {
            throw new AssertionError("there is none");
        }

        @Override
        public int threadsPerRun(ModelConfig config) {
            return 1;
        }
    }

    private final class Loader implements ModelLoader {
        private final Runnable run;

        Loader(Runnable run) {
            this.run = run;
        }

        @Override
        public boolean accepts(ModelSource source) {
            return true;
        }

        @Override
        public Model load(ModelSource source) {
            opened.incrementAndGet();
            return new Counted(run);
        }
    }

    private final class Counted implements Model {
        private final Runnable run;

        Counted(Runnable run) {
            this.run = run;
        }

        @Override
        public ModelMetadata metadata() {
            var x = new TensorMetadata("x", DataType.FP32, Shape.of(1));
            var y = new TensorMetadata("y", DataType.FP32, Shape.of(1));
            return new ModelMetadata("m", "1", "test", List.of(x), List.of(y), Map.of());
        }

        @Override
        public List<Tensor> predict(List<Tensor> inputs, List<String> outputs, Run unused) {
            run.run();
            return List.of(inputs.get(0));
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
