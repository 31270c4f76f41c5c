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
    private final ArrayDeque<Received> received = new ArrayDeque<>();
    private WorkerPool worker;
    private Ledger ledger;
    private MessageConsumer<PredictionRecord> consumer;
    private boolean writing;
    private long failedGroups;
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
            return consumer.completion().recover(failure -> close().transform(closed -> Future.failedFuture(failure)));
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

    private Future<?> close() {
        return worker.run(() -> {
            ledger.close();
            return true;
        });
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
        try {
            received.add(new Received(message, message.body())); // from another node, this is where it is decoded
        } catch (RuntimeException e) {
            LOG.error("prediction log: a record cannot be read", e);
            message.fail(ErrorCode.INVALID_ARGUMENT.number(), "the record cannot be read by this node");
            return;
        }
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
        var group = nextGroup();
        writing = true;
        worker.run(() -> ledger.append(group.stream().map(Received::record).toList()))
                .onComplete(appended -> {
                    writing = false;
                    writeNext();
                    acknowledge(group, appended);
                });
    }

    private List<Received> nextGroup() {
        var group = new ArrayList<Received>();
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

    private void acknowledge(List<Received> group, AsyncResult<Ledger.Appended> appended) {
        if (appended.failed()) {
            refuse(group, appended.cause());
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            if (appended.result().unwritable().contains(i)) {
                group.get(i)
                        .message()
                        .fail(ErrorCode.INVALID_ARGUMENT.number(), "the record cannot be written as JSON");
            } else {
                group.get(i).message().reply(null);
            }
        }
        appended.result().lines().forEach(this::publish);
    }

    private void publish(byte[] line) {
        vertx.eventBus().publish(Addresses.PREDICTIONS, new JsonObject(Buffer.buffer(line)));
    }

    private void refuse(List<Received> group, Throwable failure) {
        failedGroups++;
        if (Long.bitCount(failedGroups)
                == 1) { // 1, 2, 4, 8, …: senders try again, and a full disk must not fill the log as well
            LOG.error(
                    "prediction log: a group of {} records could not be written, {} groups so far: {}",
                    group.size(),
                    failedGroups,
                    failure instanceof IOException ? failure.toString() : "",
                    failure instanceof IOException ? null : failure);
        }
        group.forEach(each -> each.message().fail(ErrorCode.INTERNAL.number(), "the ledger could not be written"));
    }

    private record Received(Message<PredictionRecord> message, PredictionRecord record) {}
}
