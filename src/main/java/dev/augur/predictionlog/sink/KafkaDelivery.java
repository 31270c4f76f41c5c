package dev.augur.predictionlog.sink;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One try to bring what is left of a batch into one partition, in order: after a message that failed nothing more is
 * sent. Used by one worker thread; the producer's own thread brings the answers.
 */
final class KafkaDelivery {
    /*
     * The producer sends one request at a time and answers in order, so when a message fails those before it are stored
     * and those after it are still here. It would send them next. That is why its own thread, which brings the failure,
     * closes it before it can: a later try then begins with the message that failed, and whoever reads the topic sees
     * each seq for the first time in order. A message that the producer refused itself was never among those it sends;
     * nothing has to be closed then.
     */
    private final Producer<byte[], byte[]> producer;
    private final KafkaBatch batch;
    private final Thread sender = Thread.currentThread();
    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger taken;
    private final AtomicReference<@Nullable Failure> first = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** A message that was not taken, by its place in the batch. */
    record Failure(int index, Exception cause) {
        Failure earlier(@Nullable Failure other) {
            return other == null || index < other.index ? this : other;
        }
    }

    KafkaDelivery(Producer<byte[], byte[]> producer, KafkaBatch batch) {
        this.producer = producer;
        this.batch = batch;
        this.taken = new AtomicInteger(batch.taken());
    }

    /**
     * Sends, waits for the answers, and tells the batch how far it came.
     *
     * @param patience longest time for the answers
     * @return the first failure, if there is one
     */
    @Nullable
    Failure run(String topic, int partition, Duration patience) throws InterruptedException {
        int sent = 0;
        for (int i = batch.taken(); i < batch.size() && first.get() == null; i++) {
            sent += send(i, topic, partition);
        }
        if (!answers.tryAcquire(sent, patience.toMillis(), TimeUnit.MILLISECONDS)) {
            fail(taken.get(), new TimeoutException("no answer within " + patience.toMillis() + " ms"));
        }
        batch.taken(taken.get());
        return first.get();
    }

    /** Whether the producer is of no use any more. */
    boolean closed() {
        return closed.get();
    }

    private int send(int index, String topic, int partition) {
        try {
            var unused = producer.send(
                    batch.message(index).in(topic, partition), (place, failure) -> answer(index, failure));
            return 1;
        } catch (RuntimeException e) { // also of a producer that was closed meanwhile
            fail(index, e);
            return 0;
        }
    }

    private void answer(int index, @Nullable Exception failure) {
        if (failure == null) {
            var unused = taken.compareAndSet(index, index + 1);
        } else {
            fail(index, failure);
            if (Thread.currentThread() != sender && closed.compareAndSet(false, true)) {
                producer.close(Duration.ZERO);
            }
        }
        answers.release();
    }

    private void fail(int index, Exception cause) {
        var failure = new Failure(index, cause);
        var unused = first.accumulateAndGet(failure, (known, added) -> failure.earlier(known));
    }
}
