package dev.augur.model.runtime;

import dev.augur.model.InputCheck;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.Run;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a model a few times before its first request, on one row of zeros and empty texts: the first run of a session is
 * many times slower than the later ones. Called on a worker thread; blocks.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final long MAX_INPUT_BYTES = 1 << 26;

    private final Vertx vertx;

    WarmUp(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The model, warm; or as it was where it does not take such inputs. A run that does not end is stopped. */
    Model done(Model model, int runs) {
        var metadata = model.metadata();
        var inputs = zeros(metadata);
        var outputs = new InputCheck(metadata).outputs(List.of());
        var run = new Run();
        long timer = vertx.setTimer(LIMIT.toMillis(), late -> run.stop());
        try {
            for (int i = 0; i < runs && !inputs.isEmpty(); i++) {
                if (model.predict(inputs, outputs, run).size() != outputs.size()) {
                    throw new IllegalStateException("it did not yield all its outputs");
                }
            }
        } catch (RuntimeException e) {
            LOG.info("model {} version {} was not warmed up: {}", metadata.name(), metadata.version(), e.getMessage());
        } finally {
            vertx.cancelTimer(timer);
        }
        return model;
    }

    /** Whether requests to a model that is warm are joined. */
    BatchDecision batching(Model model, ModelConfig.Batching config) {
        return new RowCheck(vertx).decide(model, config);
    }

    /** One row of zeros for each input that is not optional; none at all if that would be too large. */
    private static List<Tensor> zeros(ModelMetadata metadata) {
        try {
            return metadata.requiredInputs().stream().map(WarmUp::zeros).toList();
        } catch (ArithmeticException e) {
            return List.of();
        }
    }

    private static Tensor zeros(TensorMetadata input) {
        var shape = Shape.of(Arrays.stream(input.shape().toArray())
                .map(dimension -> dimension == Shape.VARIABLE ? 1 : dimension)
                .toArray());
        if (input.datatype() == DataType.BYTES) {
            return Tensor.ofBytes(
                    input.name(), shape, Collections.nCopies((int) limited(shape.elements()), new byte[0]));
        }
        long bytes =
                limited(Math.multiplyExact(shape.elements(), input.datatype().elementBytes()));
        return new Tensor(input.name(), input.datatype(), shape, ByteBuffer.allocate((int) bytes));
    }

    private static long limited(long bytes) {
        if (bytes > MAX_INPUT_BYTES) {
            throw new ArithmeticException("too large");
        }
        return bytes;
    }
}
