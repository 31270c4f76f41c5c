package dev.augur.predictionlog;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.worker.WorkerPool;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logging verticle: takes records from the event bus, writes them to the ledger in the order received, acknowledges each once
 * it is stored, and then publishes it on {@link Addresses#PREDICTIONS}. Confined to one event loop; the ledger is written on a
 * worker of its own.
 */
public final class PredictionLogVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(PredictionLogVerticle.class);
    private static final int MAX_GROUP = 1_000;

    private final Path directory;
    private final PredictionLogConfig config;
    private final ArrayDeque<Message<PredictionRecord>> received = new ArrayDeque<>();
    private WorkerPool worker;
    private Ledger ledger;
    private MessageConsumer<PredictionRecord> consumer;
    private boolean writing;
    private final Promise<Void> written = Promise.promise();
    private boolean stopping;

    /**
     * The writer of one node.
     *
     * @param directory where the ledger lies, {@code data/predictions} by default
     */
    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public PredictionLogVerticle(Path directory, PredictionLogConfig config) {
        this.directory = directory;
        this.config = config;
    }

    @Override
    public Future<?> start() {
        worker = new WorkerPool(vertx, "augur-log", /* workers= */ 1, /* queue= */ 1);
        return worker.run(() -> Ledger.open(directory, config)).compose(opened -> {
            ledger = opened;
            consumer = vertx.eventBus().consumer(Addresses.PREDICTION_LOG, this::receive);
            return consumer.completion();
        });
    }

    @Override
    public Future<?> stop() {
        if (ledger == null) {
            return Future.succeededFuture();
        }
        return consumer.unregister()
                .transform(unregistered -> writeRest())
                .transform(rest -> worker.run(() -> {
                    ledger.close();
                    return null;
                }));
    }

    /** The folder this node writes; known once the verticle is deployed. */
    public Path folder() {
        return directory.resolve(ledger.writer());
    }

    private void receive(Message<PredictionRecord> message) {
        if (received.size() >= config.maxPending()) {
            message.fail(ErrorCode.OVERLOADED.number(), "too many records wait for the ledger");
            return;
        }
        received.add(message);
        writeNext();
    }

    /** Group commit: whatever arrived while the last group was written is the next one. */
    private void writeNext() {
        if (writing) {
            return;
        }
        if (received.isEmpty()) {
            if (stopping) {
                written.tryComplete();
            }
            return;
        }
        writing = true;
        var group = nextGroup();
        var records = group.stream().map(Message::body).toList();
        worker.run(() -> ledger.append(records)).onComplete(lines -> {
            writing = false;
            acknowledge(group, lines);
            writeNext();
        });
    }

    private List<Message<PredictionRecord>> nextGroup() {
        var group = new ArrayList<Message<PredictionRecord>>();
        while (!received.isEmpty() && group.size() < MAX_GROUP) {
            group.add(received.poll());
        }
        return group;
    }

    private Future<Void> writeRest() {
        stopping = true;
        writeNext();
        return written.future();
    }

    private void acknowledge(List<Message<PredictionRecord>> group, AsyncResult<List<byte[]>> stored) {
        if (stored.succeeded()) {
            group.forEach(message -> message.reply(null));
            stored.result().forEach(this::publish);
        } else {
            refuse(group, stored.cause());
        }
    }

    private void publish(byte[] line) {
        vertx.eventBus().publish(Addresses.PREDICTIONS, new JsonObject(Buffer.buffer(line)));
    }

    private static void refuse(List<Message<PredictionRecord>> group, Throwable failure) {
        if (failure instanceof IOException) {
            LOG.error("prediction log: {} records could not be written: {}", group.size(), failure.toString());
        } else {
            LOG.error("prediction log: {} records could not be written", group.size(), failure);
        }
        group.forEach(message -> message.fail(ErrorCode.INTERNAL.number(), "the ledger could not be written"));
    }
}
