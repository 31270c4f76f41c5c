package dev.augur.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.inference.Priority;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which requests go together, in which order, and why no more of them. */
@ExtendWith(VertxExtension.class)
class ModelQueueTest {
    private Vertx vertx;
    private final ModelQueue queue = new ModelQueue(4, 1);

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void tellsWhyABatchWentAsItWas() {
        add(2, 3);
        add(2, 3);
        add(2, 3);
        expect(4, BatchClosed.FULL);
        expect(2, BatchClosed.QUEUE_EMPTY);

        add(1, 3);
        add(2, 5);
        add(1, 3);
        expect(2, BatchClosed.OTHERS_DIFFER);
        expect(2, BatchClosed.QUEUE_EMPTY);

        add(3, 3);
        add(2, 3);
        expect(3, BatchClosed.FULL);
        expect(2, BatchClosed.QUEUE_EMPTY);

        add(5, 3);
        add(1, 3);
        expect(5, BatchClosed.ALONE);
        expect(1, BatchClosed.QUEUE_EMPTY);
        assertThat(queue.next()).isNull();
    }

    @Test
    void aModelWithoutABatchDimensionRunsEachRequestAlone() {
        var single = new ModelQueue(1, 1);
        single.add(inference(1, 3, Priority.DEFAULT));
        single.add(inference(1, 3, Priority.DEFAULT));
        for (int i = 0; i < 2; i++) {
            var batch = single.next();
            assertThat(batch).isNotNull();
            assertThat(batch.members()).hasSize(1);
            assertThat(batch.closed()).isEqualTo(BatchClosed.ALONE);
        }
        assertThat(single.size()).isZero();
    }

    @Test
    void aRequestThatGivesAnOptionalInputGoesAlone() {
        addWithFactor(1);
        add(1, 3);
        addWithFactor(1);
        add(1, 3);
        add(1, 3);
        expect(1, 1, BatchClosed.ALONE);
        expect(3, 3, BatchClosed.OTHERS_DIFFER);
        expect(1, 1, BatchClosed.ALONE);
        assertThat(queue.next()).isNull();
    }

    @Test
    void theMoreUrgentLeadsAndTheOthersFillItsBatch() {
        add(1, 5);
        var urgent = inference(1, 3, new Priority(1));
        add(1, 3);
        queue.add(urgent);
        var batch = queue.next();
        assertThat(batch).isNotNull();
        assertThat(batch.members().get(0)).isSameAs(urgent);
        assertThat(batch.rows()).isEqualTo(2);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(queue.remove(urgent)).isFalse();
    }

    @Test
    void batchesOfStringsComeApartAsTheyWere() {
        var first = strings("a", "", "grün");
        var second = strings("日本");
        var batch = new Batch(List.of(first, second), BatchClosed.FULL);
        var joined = batch.inputs().get(0);
        assertThat(joined.shape()).isEqualTo(Shape.of(4));
        var parts = batch.split(List.of(joined));
        assertThat(parts.get(0).get(0).byteStrings()).hasSize(3);
        assertThat(new String(parts.get(0).get(0).byteStrings().get(2), StandardCharsets.UTF_8))
                .isEqualTo("grün");
        assertThat(new String(parts.get(1).get(0).byteStrings().get(0), StandardCharsets.UTF_8))
                .isEqualTo("日本");
    }

    private void expect(long rows, BatchClosed closed) {
        var batch = queue.next();
        assertThat(batch).isNotNull();
        assertThat(batch.rows()).isEqualTo(rows);
        assertThat(batch.closed()).isEqualTo(closed);
    }

    private void expect(int members, long rows, BatchClosed closed) {
        var batch = queue.next();
        assertThat(batch).isNotNull();
        assertThat(batch.members()).hasSize(members);
        assertThat(batch.rows()).isEqualTo(rows);
        assertThat(batch.closed()).isEqualTo(closed);
    }

    private void addWithFactor(int rows) {
        var x = inference(rows, 3, Priority.DEFAULT).inputs().get(0);
        var factor = new Tensor("factor", DataType.FP32, Shape.of(1), ByteBuffer.allocate(4));
        queue.add(new Inference(
                Inference.Checked.of(List.of(x, factor), List.of("y")), Priority.DEFAULT, vertx.getOrCreateContext()));
    }

    private void add(int rows, int columns) {
        queue.add(inference(rows, columns, Priority.DEFAULT));
    }

    private Inference inference(int rows, int columns, Priority priority) {
        var input = new Tensor("x", DataType.FP32, Shape.of(rows, columns), ByteBuffer.allocate(4 * rows * columns));
        return new Inference(Inference.Checked.of(List.of(input), List.of("y")), priority, vertx.getOrCreateContext());
    }

    private Inference strings(String... texts) {
        var bytes = Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        return new Inference(
                Inference.Checked.of(List.of(Tensor.ofBytes("s", Shape.of(texts.length), bytes)), List.of("y")),
                Priority.DEFAULT,
                vertx.getOrCreateContext());
    }
}
