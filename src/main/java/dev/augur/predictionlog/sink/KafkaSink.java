package dev.augur.predictionlog.sink;

import dev.augur.error.Repeated;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a topic of Kafka: one message for each line, all of a writer's in one partition, in order. A batch is written
 * when every message is acknowledged by all replicas in sync. A record that was sent lately, as another writer's, is
 * left out. In place of a record that is too large for the topic goes a note; any other failure fails the batch, and
 * the next try begins with a new producer. Called on one event loop; what blocks runs on workers of its own. The
 * counter is thread-safe.
 */
final class KafkaSink implements Sink<KafkaBatch> {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final int WORKERS = 2; // one sends; the other closes the producer under it
    private static final int MOST_CAUSES = 4;

    private final KafkaConfig config;
    private final SentIds sent;
    private final WorkerPool workers;
    private final AtomicLong refused = new AtomicLong();
    private volatile @Nullable Producer<byte[], byte[]> ready; // written by the worker that sends
    private volatile boolean closed;

    KafkaSink(Vertx vertx, KafkaConfig config, SentIds sent) {
        this.config = config;
        this.sent = sent;
        this.workers = new WorkerPool(vertx, "augur-kafka", WORKERS, WORKERS);
    }

    @Override
    public String name() {
        return KafkaSinkKind.NAME;
    }

    @Override
    public KafkaBatch prepare(List<LedgerLine> lines) {
        return new KafkaBatch(lines.stream().map(KafkaMessage::of).toList());
    }

    @Override
    public Future<Void> write(KafkaBatch batch) {
        Promise<Void> written = Promise.promise(); // a loop: a chain of futures would be as deep as records are refused
        send(batch, written);
        return written.future();
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return workers.perform(() -> close(ready)).timeout(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public long refused() {
        return refused.get();
    }

    private void send(KafkaBatch batch, Promise<Void> written) {
        if (batch.whole()) {
            written.complete();
        } else {
            workers.run(() -> deliver(batch))
                    .onSuccess(sent -> send(batch, written))
                    .onFailure(written::fail);
        }
    }

    /** Sends as much as it can up to a message that the topic refuses. Worker thread. */
    private boolean deliver(KafkaBatch batch) throws InterruptedException {
        try {
            var producer = producer();
            batch.leaveOut(sent);
            if (batch.whole()) {
                return true;
            }
            var delivery = new KafkaDelivery(producer, batch);
            var failure = delivery.run(
                    config.topic(),
                    partition(producer, batch),
                    config.limits().timeout().multipliedBy(2));
            batch.remember(sent);
            if (failure != null && !(failure.cause() instanceof RecordTooLargeException)) {
                throw failure.cause();
            }
            if (failure != null) {
                refuse(batch, failure);
            }
            if (delivery.closed()) {
                ready = null;
            }
            return batch.whole();
        } catch (InterruptedException e) {
            drop();
            throw e;
        } catch (Exception e) {
            drop();
            throw new KafkaException(words(e), e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        var producer = ready;
        if (producer == null) {
            var properties = KafkaProperties.all(config);
            var compression = properties.get(ProducerConfig.COMPRESSION_TYPE_CONFIG);
            if (compression != null) {
                CompressionLibrary.load(compression.toString());
            }
            producer = new KafkaProducer<>(properties);
            ready = producer;
        }
        if (closed) {
            throw new IllegalStateException("the sink is closed");
        }
        return producer;
    }

    /** One for each writer, so that its lines stay in order; waits until the topic is known. */
    private int partition(Producer<byte[], byte[]> producer, KafkaBatch batch) {
        try {
            int count = producer.partitionsFor(config.topic()).size();
            return Math.floorMod(batch.message(0).writer().hashCode(), count);
        } catch (TimeoutException e) {
            boolean absent = e.getCause() instanceof UnknownTopicOrPartitionException;
            throw new KafkaException(
                    absent ? "it is not there, and the brokers do not make it" : "no broker told of it in time");
        }
    }

    private void refuse(KafkaBatch batch, KafkaDelivery.Failure failure) {
        var message = batch.message(failure.index());
        var reason = String.valueOf(failure.cause().getMessage());
        batch.refuse(failure.index(), reason);
        if (message.note()) {
            return;
        }
        long count = refused.incrementAndGet();
        if (Repeated.tells(count)) { // it may be every record
            LOG.error(
                    "sink kafka: record {} (writer {}, seq {}) is too large for topic \"{}\", a note stands in its place; {} so far: {}",
                    message.recordId(),
                    message.writer(),
                    message.seq(),
                    config.topic(),
                    count,
                    reason);
        }
    }

    private void drop() {
        var producer = ready;
        ready = null;
        close(producer);
    }

    private static void close(@Nullable Producer<byte[], byte[]> producer) {
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }

    private String words(Exception failure) {
        var words = new ArrayList<String>();
        Throwable cause = failure;
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            words.add(cause.getMessage() == null ? cause.toString() : cause.getMessage());
            cause = cause.getCause();
        }
        return "topic \"" + config.topic() + "\" of " + String.join(", ", config.brokers()) + ": "
                + String.join(": ", words);
    }
}
