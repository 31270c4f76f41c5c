package dev.augur.predictionlog;

import dev.augur.bus.LastingLoop;
import dev.augur.error.ErrorCode;
import dev.augur.error.Repeated;
import dev.augur.error.ServingException;
import dev.augur.json.JsonText;
import dev.augur.time.Drain;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sender's side of the prediction log: hands the records to the logging verticle over the event bus, those of each
 * event loop by a {@link RecordSender} of its own, in groups and in the order they were offered there. Thread-safe;
 * what the verticles that offered the records have left when they stop is sent all the same.
 */
public final class BusPredictionLog implements PredictionLog {
    private static final Logger LOG = LoggerFactory.getLogger(BusPredictionLog.class);
    private static final long SUMMARY_MILLIS = 10_000;

    private final Vertx vertx;
    private final Context context;
    private final PredictionLogConfig config;
    private final Redaction redaction;
    private final RecordJson json = new RecordJson();
    private final RecordSender.Way way;
    private final Confirmations confirmations;
    private final Supplier<List<String>> writers;
    private final RecordSender fromElsewhere; // than an event loop
    private final Map<Thread, RecordSender> senders = new ConcurrentHashMap<>(); // one for each event loop
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong summarised = new AtomicLong();
    private final AtomicBoolean summaryComing = new AtomicBoolean();
    private final Refusals refusals;
    private final AtomicLong retried = new AtomicLong();
    private final Waiting trouble = new Waiting();
    private final SlowLogs slow = new SlowLogs();

    /**
     * The sender of one node. Its event loop is the caller's, if the caller has one.
     *
     * @param localWriter whether this node has a logging verticle of its own: then no record leaves the node
     */
    public BusPredictionLog(Vertx vertx, PredictionLogConfig config, boolean localWriter) {
        this(vertx, config, localWriter, List::of);
    }

    /**
     * The same among other nodes.
     *
     * @param writers whose nodes say something, at the moment it is asked; on any thread
     */
    public BusPredictionLog(
            Vertx vertx, PredictionLogConfig config, boolean localWriter, Supplier<List<String>> writers) {
        this.writers = localWriter ? List::of : writers;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.redaction = new Redaction(config.records().redact());
        this.refusals = new Refusals(config.records().refusedPerSecond());
        this.confirmations = new Confirmations(vertx, context);
        this.way = new SharedWay(new DeliveryOptions()
                .setSendTimeout(config.ackTimeout().toMillis())
                .setLocalOnly(localWriter)
                .setCodecName(RecordGroup.CODEC));
        this.fromElsewhere = new RecordSender(way, /* loop= */ null, context, new Recipient(this.writers, slow));
        RecordGroup.register(vertx);
    }

    @Override
    public void append(PredictionRecord record) {
        if (admit() == null) {
            hand(record, null);
        }
    }

    @Override
    public void append(Future<? extends LogRecord> record) {
        if (admit() == null) {
            record.onComplete(made -> hand(made, null));
        }
    }

    @Override
    public Future<Void> store(Future<? extends LogRecord> record, Duration patience) {
        var waiter = new Waiter(vertx, patience);
        var refusal = admit();
        if (refusal == null) {
            record.onComplete(made -> hand(made, waiter));
        } else {
            waiter.end(refusal);
        }
        return waiter.acknowledged();
    }

    @Override
    public LogRecord written(PredictionRecord record) {
        if (Refusals.isRefusal(record)) {
            return record; // whether it is stored is seen when it is handed over
        }
        try {
            var now = record.asItIs();
            redaction.apply(now);
            return new EncodedRecord(record.recordId(), new JsonText(json.encode(now)), record.timeline());
        } catch (UnwritableRecordException e) {
            return record; // which is told when it is handed over
        }
    }

    /** Counts a record that is offered; why there is no room for it, if there is none. */
    private @Nullable ServingException admit() {
        offered.incrementAndGet();
        return pending() > config.maxPending() ? dropForLackOfRoom() : null;
    }

    /** Records offered since the start. Always {@code stored + dropped + summarised + pending}. */
    public long offered() {
        return offered.get();
    }

    /** Records acknowledged by the ledger. */
    public long stored() {
        return stored.get();
    }

    /** Records given up. */
    public long dropped() {
        return dropped.get();
    }

    /** Records of refused requests that are told in one record, with how many there were. */
    public long summarised() {
        return summarised.get();
    }

    /** Tries that were not the first. */
    public long retried() {
        return retried.get();
    }

    /** Records neither acknowledged nor given up. */
    public long pending() {
        long over = stored.get() + dropped.get() + summarised.get(); // before what they had been first
        return offered.get() - over;
    }

    /** Why records wait for their acknowledgement, in words; empty while they go. */
    public Optional<String> trouble() {
        return trouble.reason();
    }

    /** How long the record has waited for its acknowledgement that has waited longest; zero if none waits. */
    public Duration oldestWait() {
        var oldest = fromElsewhere.oldestWait();
        for (RecordSender sender : senders.values()) {
            var wait = sender.oldestWait();
            oldest = wait.compareTo(oldest) > 0 ? wait : oldest;
        }
        return oldest;
    }

    /**
     * Done when no record is pending. Fails when the time is up, and says how many records are lost if the process ends
     * now.
     */
    public Future<Void> drain(Duration limit) {
        summarise();
        return Drain.of(context, limit, "prediction records were not acknowledged", this::pendingToTheLast);
    }

    private long pendingToTheLast() {
        if (pending() == 0) {
            summarise(); // what was refused meanwhile; its record is pending then
        } else {
            fromElsewhere.hurry();
            senders.values().forEach(RecordSender::hurry);
        }
        return pending();
    }

    private void hand(AsyncResult<? extends LogRecord> made, @Nullable Waiter waiter) {
        if (made.succeeded()) {
            hand(made.result(), waiter);
            return;
        }
        dropped.incrementAndGet();
        LOG.error("prediction log: a record was not made", made.cause());
        if (waiter != null) {
            waiter.end(made.cause());
        }
    }

    private void hand(LogRecord record, @Nullable Waiter waiter) {
        var now = record;
        if (record instanceof PredictionRecord underWay) {
            var prediction = underWay.asItIs();
            if (!refusals.keeps(prediction)) {
                summariseLater(waiter);
                return;
            }
            redaction.apply(prediction);
            now = prediction;
        }
        sender().hand(now, waiter);
    }

    private RecordSender sender() {
        return Context.isOnEventLoopThread()
                ? senders.computeIfAbsent(
                        Thread.currentThread(),
                        loop -> new RecordSender(way, loop, LastingLoop.ofCaller(vertx), new Recipient(writers, slow)))
                : fromElsewhere;
    }

    private void summariseLater(@Nullable Waiter waiter) {
        summarised.incrementAndGet();
        if (summaryComing.compareAndSet(false, true)) {
            context.runOnContext(v -> vertx.setTimer(SUMMARY_MILLIS, later -> summarise()));
        }
        if (waiter != null) {
            waiter.end(null);
        }
    }

    private void summarise() {
        summaryComing.set(false);
        refusals.summary().ifPresent(summary -> {
            if (admit() == null) {
                hand(summary, null);
            } else {
                LOG.error("prediction log: {} refused requests are not told", summary.count());
            }
        });
    }

    private ServingException dropForLackOfRoom() {
        long count = dropped.incrementAndGet();
        if (Repeated.tells(count)) {
            LOG.error("prediction log: {} records pending, {} dropped so far", config.maxPending(), count);
        }
        return new ServingException(ErrorCode.OVERLOADED, "too many prediction records pending");
    }

    /** What all senders of this node share. */
    private final class SharedWay implements RecordSender.Way {
        private final DeliveryOptions delivery;

        private SharedWay(DeliveryOptions delivery) {
            this.delivery = delivery;
        }

        @Override
        public Vertx vertx() {
            return vertx;
        }

        @Override
        public PredictionLogConfig config() {
            return config;
        }

        @Override
        public DeliveryOptions delivery() {
            return delivery;
        }

        @Override
        public boolean abroad() {
            return !delivery.isLocalOnly();
        }

        @Override
        public void confirm(String address, String group) {
            confirmations.add(address, group);
        }

        @Override
        public Waiting trouble() {
            return trouble;
        }

        @Override
        public void stored(int records) {
            stored.addAndGet(records);
        }

        @Override
        public void lost(String recordId, String reason) {
            dropped.incrementAndGet();
            LOG.error("prediction log: record {} is lost: {}", recordId, reason);
        }

        @Override
        public void retried(int records) {
            retried.addAndGet(records);
        }
    }
}
