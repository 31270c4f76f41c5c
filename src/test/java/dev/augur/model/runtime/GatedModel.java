package dev.augur.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.Run;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Doubles, once it is let; counts who is inside. Thread-safe. */
final class GatedModel implements Model {
    final Semaphore gate = new Semaphore(0);
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger stops = new AtomicInteger();
    static final float BAD = -1;
    static final float WORSE = -2;

    final List<Thread> threads = new CopyOnWriteArrayList<>();
    volatile long millis; // that a run takes
    final List<Long> batches = new CopyOnWriteArrayList<>();

    @Override
    public ModelMetadata metadata() {
        var shape = Shape.of(Shape.VARIABLE, 1);
        return new ModelMetadata(
                "gated",
                "1",
                "test",
                List.of(new TensorMetadata("x", DataType.FP32, shape)),
                List.of(new TensorMetadata("y", DataType.FP32, shape)),
                Map.of());
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, List<String> outputs, Run run) {
        run.begun(stops::incrementAndGet);
        inside.incrementAndGet();
        gate.acquireUninterruptibly();
        try {
            threads.add(Thread.currentThread());
            if (millis > 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
            }
            var x = inputs.get(0);
            var elements = x.elements();
            var doubled = ByteBuffer.allocate(elements.remaining()).order(ByteOrder.LITTLE_ENDIAN);
            while (elements.hasRemaining()) {
                float value = elements.getFloat();
                if (value == BAD) {
                    throw new IllegalStateException("bad row");
                }
                if (value == WORSE) {
                    throw new StackOverflowError("worse row");
                }
                doubled.putFloat(2 * value);
            }
            batches.add(x.shape().dimension(0));
            return List.of(new Tensor("y", DataType.FP32, x.shape(), doubled.flip()));
        } finally {
            inside.decrementAndGet();
        }
    }

    @Override
    public void close() {
        assertThat(inside).hasValue(0);
    }
}
