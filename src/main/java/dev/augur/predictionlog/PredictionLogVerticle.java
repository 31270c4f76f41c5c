package dev.augur.predictionlog;

import dev.augur.bus.Addresses;
import dev.augur.error.Repeated;
import dev.augur.predictionlog.ledger.DamagedLedgerException;
import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerOptions;
import dev.augur.predictionlog.reading.PredictionLogReader;
import dev.augur.predictionlog.sink.SinkFollower;
import dev.augur.predictionlog.sink.SinkFollowers;
import dev.augur.worker.WorkerPool;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logging verticle: takes records from the event bus, writes them to the ledger in the order received, acknowledges
 * each once it is stored, and then publishes it on {@link Addresses#PREDICTIONS}. Confined to one event loop; the
 * ledger is written on a worker of its own.
 */
public final class PredictionLogVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(PredictionLogVerticle.class);
    /** Files removed by somebody else are noticed after this time; after so many times that, if nothing is written. */
    private static final long UPKEEP_MILLIS = 500;

    private static final int IDLE_LOOKS = 4;

    private final Path directory;
    private final PredictionLogConfig config;
    private final LedgerOptions options;
    private final ReceivedGroups received;
    private WorkerPool worker;
    private Ledger ledger;
    private final Set<String> told = new HashSet<>(); // with the next field, on the worker
    private long toldRestorations;
    private GroupWriter writer;
    private Unconfirmed unconfirmed;
    private SinkFollowers followers;
    private PredictionLogReader reader;
    private long upkeepTimer;
    private boolean upkeepDue;
    private int idleLooks;
    private long failedUpkeeps;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private boolean writing;
    private final AtomicLong failedGroups = new AtomicLong();
    private final Promise<Void> written = Promise.promise();
    private boolean stopping;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /**
     * The writer of one node.
     *
     * @param directory where the ledger lies, {@code data/predictions} by default
     */
    public PredictionLogVerticle(Path directory, PredictionLogConfig config) {
        this(directory, config, LedgerOptions.plain());
    }

    /** The writer of one node that repairs its ledger, or leaves to followers what they need. */
    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public PredictionLogVerticle(Path directory, PredictionLogConfig config, LedgerOptions options) {
        this.directory = directory;
        this.config = config;
        this.options = options;
        this.received = new ReceivedGroups(config.maxPending());
    }

    @Override
    public Future<?> start() {
        worker = new WorkerPool(vertx, "augur-log", /* workers= */ 1, /* queue= */ 1);
        RecordGroup.register(vertx);
        followers = SinkFollowers.of(vertx, directory, config.sinks());
        return worker.run(this::open).compose(opened -> {
            ledger = opened;
            writer = new GroupWriter(opened);
            reader = new PredictionLogReader(vertx, directory, config.query(), this::storedSeq);
            return followers
                    .start(unconfirmed.followed())
                    .compose(following -> listen())
                    .onSuccess(listening -> followers.followAbandoned(config.sinks()))
                    .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
        });
    }

    private Future<Void> listen() {
        upkeepTimer = vertx.setPeriodic(UPKEEP_MILLIS, UPKEEP_MILLIS, timer -> upkeep());
        for (String address : List.of(Addresses.PREDICTION_LOG, Addresses.predictionLog(ledger.writer()))) {
            consumers.add(vertx.eventBus().consumer(address, this::receive));
        }
        String confirmed = unconfirmed.address();
        if (confirmed != null) {
            consumers.add(vertx.eventBus().consumer(confirmed, (Message<JsonArray> groups) -> {
                if (unconfirmed.confirm(groups.body())) {
                    followers.wake();
                }
            }));
        }
        return Future.join(consumers.stream().map(MessageConsumer::completion).toList())
                .mapEmpty();
    }

    /** Also ends what has started in part. */
    @Override
    public Future<?> stop() {
        if (ledger == null) {
            return Future.succeededFuture();
        }
        stopUpkeep();
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .transform(unregistered -> writeRest())
                .transform(rest -> followers.stop())
                .transform(rest -> worker.perform(this::close));
    }

    private Ledger open() throws IOException {
        try {
            var opened = Ledger.open(directory, config.ledger(), followed());
            unconfirmed = Unconfirmed.of(vertx, opened, directory, followers.askForDoubts());
            opened.notes().forEach(note -> LOG.warn("prediction log: {}", note));
            return opened;
        } catch (DamagedLedgerException e) {
            throw new IOException(
                    "the prediction log is damaged: " + e.getMessage()
                            + "; --repair sets what is damaged aside and goes on",
                    e);
        }
    }

    private void close() throws IOException {
        try {
            unconfirmed.keep(followers.oldestNeeded(ledger.writer()));
        } finally {
            ledger.close();
        }
    }

    /** What is kept for somebody else, and for the sinks. */
    private LedgerOptions followed() {
        return new LedgerOptions(
                options.repair(),
                writer -> Math.min(options.cursors().oldestNeeded(writer), followers.oldestNeeded(writer)),
                options.opener());
    }

    /** The folder this node writes; known once the verticle is deployed. */
    public Path folder() {
        return directory.resolve(ledger.writer());
    }

    /** The size of this node's ledger; 0 until the verticle is deployed. May be called from any thread. */
    public long ledgerBytes() {
        var open = ledger;
        return open == null ? 0 : open.bytes();
    }

    /** The seq of the last record stored; followers read no further. May be called from any thread once deployed. */
    public long storedSeq() {
        return ledger.storedSeq();
    }

    /** Those who bring the records to the sinks; known once the verticle is deployed. */
    public List<SinkFollower<?>> followers() {
        return followers.all();
    }

    private long storedSeq(String writerId) {
        return writerId.equals(ledger.writer()) ? ledger.storedSeq() : Long.MAX_VALUE;
    }

    /** Answers questions to this node's prediction log; known once the verticle is deployed. */
    public PredictionLogReader reader() {
        return reader;
    }

    /**
     * How often files of the ledger were found removed, replaced or cut by somebody else. May be called from any
     * thread.
     */
    public long restorations() {
        var open = ledger;
        return open == null ? 0 : open.restorations();
    }

    /** Has somebody told when records were stored, on the event loop of the log. May be called from any thread. */
    public void onStored(Runnable listener) {
        listeners.add(listener);
    }

    /** Groups that could not be written. May be called from any thread. */
    public long failedGroups() {
        return failedGroups.get();
    }

    private void receive(Message<RecordGroup> message) {
        received.add(message);
        writeNext();
    }

    /** Group commit: whatever arrived while the last groups were written is next. */
    private void writeNext() {
        if (writing) {
            return;
        }
        if (upkeepDue) {
            upkeepNow();
            return;
        }
        if (received.isEmpty()) {
            if (stopping) {
                written.tryComplete();
            }
            return;
        }
        var groups = received.next();
        writing = true;
        idleLooks = 0;
        onLedger(() -> write(groups)).onComplete(outcome -> {
            writing = false;
            writeNext();
            tell(groups, outcome);
        });
    }

    /** Called on the worker, which tells those who wait: they need not wait for this event loop, too. */
    private GroupWriter.Written write(List<Message<RecordGroup>> groups) throws IOException {
        unconfirmed.hold(groups);
        GroupWriter.Written done;
        try {
            done = writer.write(groups.stream().map(Message::body).toList());
        } finally {
            unconfirmed.release(groups);
        }
        groups.forEach(group -> GroupReceipt.done(group, done.unwritable(), unconfirmed.address()));
        return done;
    }

    /** Nobody looks at the files once the ledger closes. */
    private void stopUpkeep() {
        vertx.cancelTimer(upkeepTimer);
        upkeepDue = false;
    }

    private void upkeep() {
        if (unconfirmed.giveUp()) {
            followers.wake();
        }
        unconfirmed.keepSoon(followers.oldestNeeded(ledger.writer()));
        if (stopping || idleLooks++ % IDLE_LOOKS > 0) {
            return;
        }
        upkeepDue = true;
        writeNext();
    }

    /** The ledger has one user at a time, so this takes a turn among the groups. */
    private void upkeepNow() {
        upkeepDue = false;
        writing = true;
        onLedger(() -> {
                    ledger.check();
                    return ledger.removeOld(Instant.now());
                })
                .onComplete(removed -> {
                    writing = false;
                    writeNext();
                    if (removed.failed() && Repeated.tells(++failedUpkeeps)) {
                        LOG.error(
                                "prediction log: the files cannot be kept in order: {}",
                                removed.cause().toString());
                    } else if (removed.succeeded() && !removed.result().isEmpty()) {
                        LOG.info(
                                "prediction log: removed {} old segments",
                                removed.result().size());
                    }
                });
    }

    /** Does something with the ledger, and tells what else happened meanwhile. */
    private <T> Future<T> onLedger(Callable<T> work) {
        return worker.run(() -> {
            try {
                return work.call();
            } finally {
                tellNews();
            }
        });
    }

    /** What is found again at each try, since it cannot be brought back now, is told once. */
    private void tellNews() {
        ledger.takeNews().stream().filter(told::add).forEach(news -> LOG.error("prediction log: {}", news));
        if (ledger.restorations() > toldRestorations) {
            toldRestorations = ledger.restorations();
            told.clear();
        }
    }

    private Future<Void> writeRest() {
        stopping = true;
        writeNext();
        return written.future();
    }

    private void tell(List<Message<RecordGroup>> groups, AsyncResult<GroupWriter.Written> appended) {
        if (appended.failed()) {
            refuse(groups, appended.cause());
            return;
        }
        followers.wake();
        listeners.forEach(Runnable::run);
        appended.result().lines().forEach(this::publish);
    }

    /** Best effort, as the event bus is: who misses it finds the record in the ledger. */
    private void publish(ByteBuffer line) {
        PublishedLine.publish(vertx, Addresses.PREDICTIONS, line);
    }

    private void refuse(List<Message<RecordGroup>> groups, Throwable failure) {
        long count = failedGroups.incrementAndGet();
        if (Repeated.tells(count)) { // senders try again
            LOG.error(
                    "prediction log: a group of {} records could not be written, {} groups so far: {}",
                    groups.stream().mapToInt(group -> group.body().size()).sum(),
                    count,
                    failure instanceof IOException ? failure.toString() : "",
                    failure instanceof IOException ? null : failure);
        }
        groups.forEach(group -> GroupReceipt.refuse(group, "the ledger could not be written"));
    }
}
