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
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
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
 * left out, and so is one in doubt that is found in the topic. In place of a record that is too large for the topic
 * goes a note; any other failure fails the batch, and the next try begins with a new producer. Called on one event
 * loop; what blocks runs on workers of its own. The counters are thread-safe.
 */
final class KafkaSink implements Sink<KafkaBatch> {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    private static final int WORKERS = 2; // one sends; the other closes the producer under it
    private static final int MOST_CAUSES = 4;
    /** Before the topic, the names of locks; of one alone the cluster's is this process's, too. */
    private static final String HERE = "augur.kafka.here.";

    private static final String EVERYWHERE = "augur.kafka.everywhere.";

    private final KafkaConfig config;
    private final SentIds sent;
    private final WorkerPool workers;
    private final Vertx vertx;
    private final KafkaLooks looks;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong unchecked = new AtomicLong();
    private long blindLooks; // of the worker that sends
    private volatile @Nullable Producer<byte[], byte[]> ready; // written by the worker that sends
    private volatile boolean closed;

    KafkaSink(Vertx vertx, KafkaConfig config, SentIds sent) {
        this.vertx = vertx;
        this.config = config;
        this.looks = new KafkaLooks(new KafkaLook(config)::among);
        this.sent = sent;
        this.workers = new WorkerPool(vertx, "augur-kafka", WORKERS, WORKERS);
    }

    @Override
    public String name() {
        return KafkaSinkKind.NAME;
    }

    @Override
    public KafkaBatch prepare(List<LedgerLine> lines) {
        return prepare(lines, seq -> false);
    }

    @Override
    public KafkaBatch prepare(List<LedgerLine> lines, LongPredicate doubtful) {
        var messages = lines.stream().map(KafkaMessage::of).toList();
        return new KafkaBatch(
                messages,
                messages.stream()
                        .filter(message -> doubtful.test(message.seq()))
                        .map(KafkaMessage::recordId)
                        .collect(Collectors.toSet()));
    }

    @Override
    public boolean storesTwice() {
        return true;
    }

    @Override
    public Future<Void> write(KafkaBatch batch) {
        return batch.doubtful().isEmpty() ? send(batch) : lookAndSend(batch);
    }

    /**
     * Of all nodes one looks and sends at a time: two that looked at once would both find nothing. One that does not
     * reach the brokers keeps no other from it. (The lock of the cluster is one of members, of whose writers one may
     * enter beside another of the same member; hence the local one.) What fails is in doubt: others have their turn.
     */
    private Future<Void> lookAndSend(KafkaBatch batch) {
        long patience = config.limits().timeout().toMillis();
        var shared = vertx.sharedData();
        return workers.run(() -> reach(batch))
                .compose(reached -> shared.getLocalLockWithTimeout(HERE + config.topic(), patience))
                .compose(here -> shared.getLockWithTimeout(EVERYWHERE + config.topic(), patience)
                        .compose(everywhere -> workers.run(() -> lookFor(batch))
                                .compose(looked -> send(batch))
                                .onFailure(failed -> batch.doubt())
                                .onComplete(sent -> everywhere.release()))
                        .onComplete(sent -> here.release()));
    }

    private Future<Void> send(KafkaBatch batch) {
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

    @Override
    public long repeated() {
        return repeated.get();
    }

    @Override
    public long unchecked() {
        return unchecked.get();
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
        boolean begun = false;
        try {
            var producer = producer();
            repeated.addAndGet(batch.leaveOut(sent));
            if (batch.whole()) {
                return true;
            }
            int partition = partition(producer, batch);
            var delivery = new KafkaDelivery(producer, batch);
            begun = true;
            var failure = delivery.run(
                    config.topic(), partition, config.limits().timeout().multipliedBy(2));
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
        } finally {
            if (begun) {
                batch.doubt(); // of what is left it is not known whether the topic has it
            }
        }
    }

    /** Fails where the topic is not there, or not reached. Worker thread. */
    private boolean reach(KafkaBatch batch) {
        try {
            return partition(producer(), batch) >= 0;
        } catch (RuntimeException e) {
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

    /** Leaves out what the topic has, as far as it can be seen. Worker thread. */
    private int lookFor(KafkaBatch batch) {
        var ids = batch.doubtful();
        var seen = looks.among(ids, batch.doubtfulSince());
        if (!seen.whole()) {
            long count = unchecked.addAndGet(ids.size() - seen.ids().size());
            if (Repeated.tells(++blindLooks)) {
                LOG.warn(
                        "sink kafka: topic \"{}\" may have records twice, {} so far, which it cannot be looked for: {}",
                        config.topic(),
                        count,
                        seen.gap());
            }
        }
        int known = batch.settle(seen.ids());
        repeated.addAndGet(known);
        return known;
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
