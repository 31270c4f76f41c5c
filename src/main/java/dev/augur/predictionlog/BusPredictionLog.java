package dev.augur.predictionlog;

import dev.augur.error.ErrorCode;
import dev.augur.error.Repeated;
import dev.augur.error.ServingException;
import dev.augur.time.Backoff;
import dev.augur.time.Drain;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sender's side of the prediction log: hands the records to the logging verticle over the event bus, in groups and
 * in the order they were offered, and tries a group again, with the same record ids, until it is acknowledged.
 * Thread-safe; groups are sent on an event loop of the log's own, so that tries go on while the verticles that offered
 * the records stop.
 */
public final class BusPredictionLog implements PredictionLog {
    private static final Logger LOG = LoggerFactory.getLogger(BusPredictionLog.class);
    private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(50);
    private static final int MAX_GROUP = 1_000;
    private static final int BUSY_GROUP = 4;
    private static final long GATHERING_MICROS = 250;
    private static final long SUMMARY_MILLIS = 10_000;

    private final Vertx vertx;
    private final Context context;
    private final Executor later; // Vert.x has no timer finer than a millisecond
    private final PredictionLogConfig config;
    private final Backoff backoff;
    private final Redaction redaction;
    private final DeliveryOptions delivery;
    private final Recipient recipient;
    private final ConcurrentLinkedQueue<Pending> waiting = new ConcurrentLinkedQueue<>(); // never more than are pending
    private final AtomicBoolean awake = new AtomicBoolean(); // a group is under way, or about to be
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong summarised = new AtomicLong();
    private final AtomicBoolean summaryComing = new AtomicBoolean();
    private final Refusals refusals;
    private final AtomicLong retried = new AtomicLong();
    private final Waiting trouble = new Waiting();
    private volatile @Nullable Pending underWay; // the first of the group that is

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
        this.recipient = new Recipient(localWriter ? List::of : writers);
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.later = CompletableFuture.delayedExecutor(
                GATHERING_MICROS, TimeUnit.MICROSECONDS, next -> context.runOnContext(v -> next.run()));
        this.config = config;
        this.backoff = new Backoff(FIRST_RETRY_DELAY, config.maxRetryDelay());
        this.redaction = new Redaction(config.records().redact());
        this.refusals = new Refusals(config.records().refusedPerSecond());
        this.delivery = new DeliveryOptions()
                .setSendTimeout(config.ackTimeout().toMillis())
                .setLocalOnly(localWriter)
                .setCodecName(RecordGroup.CODEC);
        RecordGroup.register(vertx);
    }

    @Override
    public void append(PredictionRecord record) {
        if (admit() == null) {
            hand(record, null);
        }
    }

    @Override
    public void append(Future<PredictionRecord> record) {
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
        var oldest = underWay;
        oldest = oldest == null ? waiting.peek() : oldest;
        return oldest == null ? Duration.ZERO : oldest.age();
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

    private void hand(LogRecord offered, @Nullable Waiter waiter) {
        var record = offered instanceof PredictionRecord underWay ? underWay.asItIs() : offered;
        if (record instanceof PredictionRecord prediction) {
            if (!refusals.keeps(prediction)) {
                summariseLater(waiter);
                return;
            }
            redaction.apply(prediction);
        }
        waiting.add(new Pending(record, waiter, System.nanoTime()));
        if (awake.compareAndSet(false, true)) {
            context.runOnContext(v -> sendNext());
        }
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

    /** Whatever came while a group was under way is the next one. */
    private void sendNext() {
        var group = nextGroup();
        underWay = group.isEmpty() ? null : group.get(0);
        if (!group.isEmpty()) {
            recipient.next();
            attempt(group, 1);
            return;
        }
        awake.set(false);
        if (!waiting.isEmpty() && awake.compareAndSet(false, true)) { // it came just before
            sendNext();
        }
    }

    private List<Pending> nextGroup() {
        var group = new ArrayList<Pending>();
        for (var next = waiting.poll(); next != null; next = group.size() < MAX_GROUP ? waiting.poll() : null) {
            group.add(next);
        }
        return group;
    }

    /** Callbacks, not a chain of futures: the number of tries has no bound, and a chain would keep each of them. */
    private void attempt(List<Pending> group, int tries) {
        var records = new RecordGroup(group.stream().map(Pending::record).toList());
        vertx.eventBus()
                .<JsonObject>request(recipient.address(), records, delivery)
                .onSuccess(reply -> {
                    underWay = null;
                    gather(group.size());
                    acknowledge(group, reply.body());
                    trouble.taken(group.get(0).age(), pending());
                })
                .onFailure(failure -> {
                    LOG.debug("prediction log: {} records not acknowledged: {}", group.size(), failure.getMessage());
                    retried.addAndGet(group.size());
                    trouble.refused(group.get(0).age(), failure);
                    recipient.failed(failure);
                    long pause = recipient.moves() ? 1 : backoff.after(tries).toMillis();
                    vertx.setTimer(pause, later -> attempt(group, tries + 1));
                });
    }

    /**
     * Sends the next group; where records come fast, a little later and so larger, since a group costs as much as
     * dozens of records.
     */
    private void gather(int lastGroup) {
        if (lastGroup < BUSY_GROUP) {
            sendNext();
        } else {
            later.execute(this::sendNext);
        }
    }

    /**
     * Tells those who wait.
     *
     * @param unwritable why, by the id of the record; nothing if all are stored
     */
    private void acknowledge(List<Pending> group, @Nullable JsonObject unwritable) {
        var told = new Waiter.Turns();
        long lost = 0;
        for (Pending pending : group) {
            String id = pending.record().recordId();
            String fault = unwritable == null ? null : unwritable.getString(id);
            if (fault != null) {
                lost++;
                LOG.error("prediction log: record {} is lost: {}", id, fault);
            }
            if (fault == null && pending.record() instanceof PredictionRecord prediction) {
                prediction.stored();
            }
            if (pending.waiter() != null) {
                told.add(pending.waiter(), fault == null ? null : new ServingException(ErrorCode.INTERNAL, fault));
            }
        }
        dropped.addAndGet(lost);
        stored.addAndGet(group.size() - lost);
        told.begin();
    }

    private ServingException dropForLackOfRoom() {
        long count = dropped.incrementAndGet();
        if (Repeated.tells(count)) {
            LOG.error("prediction log: {} records pending, {} dropped so far", config.maxPending(), count);
        }
        return new ServingException(ErrorCode.OVERLOADED, "too many prediction records pending");
    }

    private record Pending(LogRecord record, @Nullable Waiter waiter, long sinceNanos) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }
    }
}
