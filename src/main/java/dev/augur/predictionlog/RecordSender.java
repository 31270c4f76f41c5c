package dev.augur.predictionlog;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.time.Backoff;
import dev.augur.timeline.Timeline;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one event loop on their way to the log. What a turn of the loop has ended is written as JSON once its
 * answers are out, and travels as one group; where nobody waits for it, a little later and so in a larger one, since a
 * group costs as much as a dozen records. One group is under way at a time, and is tried again, the same, until it is
 * acknowledged. Confined to its event loop, but for {@link #hand}, {@link #hurry} and {@link #oldestWait}.
 */
final class RecordSender {
    private static final Logger LOG = LoggerFactory.getLogger(RecordSender.class);
    private static final JsonObject NOTHING = new JsonObject(Map.of());
    private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(50);

    /** How many records are written in one turn: a request may have had thousands of items. */
    private static final int MAX_TURN = 200;

    private static final int MAX_GROUP = 1_000;
    private static final int MAX_GROUP_BYTES = 1 << 18; // which stays in a cache until it is in the ledger

    /** A record that nobody waits for waits so long for others. */
    private static final long GATHERING_MILLIS = 5;

    private static final long LOOK_MILLIS = 20; // how often those who wait are looked after

    private final Way way;
    private final @Nullable Thread loop;
    private final Context context;
    private final Backoff backoff;
    private final Recipient recipient;
    private final RecordJson json = new RecordJson();
    private final ArrayDeque<Pending> fresh = new ArrayDeque<>(); // none is older than this turn, but for a crowd
    private final ArrayDeque<Draft> drafts = new ArrayDeque<>(); // only the last one is open
    private final List<Waiter> waiters = new ArrayList<>();
    private @Nullable Draft underWay;
    private boolean turnComes;
    private boolean gathering;
    private boolean looking;
    private final GroupRooms rooms = new GroupRooms();
    private final String name = UUID.randomUUID() + "-";
    private long groups; // so far; with the name before it, that of the one under way
    private volatile boolean hurried;
    private volatile long oldestNanos; // 0 while nothing waits

    /** What the senders of a node share. */
    interface Way {
        Vertx vertx();

        PredictionLogConfig config();

        DeliveryOptions delivery();

        /** Whether groups go to logs of other nodes. */
        boolean abroad();

        /** That the sender knows, which has asked for it at this address. */
        void confirm(String address, String group);

        /** Whether and why records wait. */
        Waiting trouble();

        /** So many records, that were under way, are stored. */
        void stored(int records);

        /** This record can never be stored. */
        void lost(String recordId, String reason);

        /** So many records are tried again. */
        void retried(int records);
    }

    /** A record that was handed over. */
    private record Pending(LogRecord record, @Nullable Waiter waiter, long sinceNanos) {
        @Nullable
        Timeline timeline() {
            if (record instanceof PredictionRecord prediction) {
                return prediction.timeline();
            }
            return record instanceof EncodedRecord encoded ? encoded.timeline() : null;
        }
    }

    /** A record of a group that somebody wants to know of. */
    private record Told(String recordId, @Nullable Waiter waiter, @Nullable Timeline timeline) {}

    /** A group that is being filled, or is under way. */
    private static final class Draft {
        private final RecordGroup group;
        private final List<Told> told = new ArrayList<>();
        private final long sinceNanos;
        private boolean awaited;

        private Draft(byte[] room, long sinceNanos) {
            this.group = new RecordGroup(room);
            this.sinceNanos = sinceNanos;
        }

        private void add(Pending pending, RecordJson json) throws UnwritableRecordException {
            var record = pending.record();
            group.add(record, json);
            var timeline = pending.timeline();
            if (pending.waiter() != null || timeline != null) {
                told.add(new Told(record.recordId(), pending.waiter(), timeline));
            }
            awaited |= pending.waiter() != null;
        }

        private boolean isFull() {
            return group.size() >= MAX_GROUP || group.bytes() >= MAX_GROUP_BYTES;
        }

        private Duration age() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }
    }

    /**
     * The sender of one event loop.
     *
     * @param loop the thread of that event loop; {@code null} where every record comes from another one
     * @param context of that event loop, which ends with Vert.x
     */
    RecordSender(Way way, @Nullable Thread loop, Context context, Recipient recipient) {
        this.way = way;
        this.loop = loop;
        this.context = context;
        this.recipient = recipient;
        this.backoff = new Backoff(FIRST_RETRY_DELAY, way.config().maxRetryDelay());
    }

    /** Takes a record, which nobody changes any more. May be called on any thread. */
    void hand(LogRecord record, @Nullable Waiter waiter) {
        var pending = new Pending(record, waiter, System.nanoTime());
        if (Thread.currentThread() == loop) {
            take(pending);
        } else {
            context.runOnContext(turn -> take(pending));
        }
    }

    /** From now on no record waits for others. May be called on any thread. */
    void hurry() {
        hurried = true;
        context.runOnContext(turn -> sendOrGather());
    }

    /** How long the record has waited that has waited longest; zero if none waits. May be called on any thread. */
    Duration oldestWait() {
        long oldest = oldestNanos;
        return oldest == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - oldest);
    }

    private void take(Pending pending) {
        fresh.add(pending);
        noteOldest();
        if (pending.waiter() != null) {
            waiters.add(pending.waiter());
        }
        writeSoon();
    }

    /** Called on the sender's own context: a timer of a caller's would end with its verticle. */
    private void lookAfterWaiters() {
        if (!looking && !waiters.isEmpty()) {
            looking = true;
            way.vertx().setTimer(LOOK_MILLIS, look -> {
                looking = false;
                long now = System.nanoTime();
                waiters.removeIf(waiter -> waiter.leaves(now));
                lookAfterWaiters();
            });
        }
    }

    /** When the answers of this turn are out. */
    private void writeSoon() {
        if (!turnComes) {
            turnComes = true;
            context.runOnContext(turn -> {
                turnComes = false;
                write();
            });
        }
    }

    private void write() {
        lookAfterWaiters();
        for (int i = 0; i < MAX_TURN && !fresh.isEmpty(); i++) {
            write(fresh.remove());
        }
        if (!fresh.isEmpty()) {
            writeSoon();
        }
        sendOrGather();
    }

    private void write(Pending pending) {
        var record = pending.record();
        try {
            open(pending.sinceNanos()).add(pending, json);
        } catch (UnwritableRecordException e) {
            lose(record.recordId(), "the record cannot be written as JSON: " + e.getMessage(), pending.waiter());
        }
    }

    private Draft open(long sinceNanos) {
        var last = drafts.peekLast();
        if (last != null && !last.isFull()) {
            return last;
        }
        var draft = new Draft(rooms.take(), sinceNanos);
        drafts.add(draft);
        return draft;
    }

    private void lose(String recordId, String reason, @Nullable Waiter waiter) {
        way.lost(recordId, reason);
        if (waiter != null) {
            waiter.end(new ServingException(ErrorCode.INTERNAL, reason));
        }
    }

    private void sendOrGather() {
        var next = drafts.peek();
        if (underWay != null || next == null) {
            noteOldest();
        } else if (hurried || next.awaited || next.isFull()) {
            send();
        } else if (!gathering) {
            gathering = true;
            way.vertx().setTimer(GATHERING_MILLIS, over -> {
                gathering = false;
                send();
            });
        }
    }

    private void send() {
        while (underWay == null && !drafts.isEmpty()) {
            var next = drafts.remove();
            if (next.group.size() > 0) { // unless none of its records could be written
                underWay = next;
                recipient.next();
                groups++;
                attempt(next, 1);
            }
        }
        noteOldest();
    }

    /** Callbacks, not a chain of futures: the number of tries has no bound, and a chain would keep each of them. */
    private void attempt(Draft draft, int tries) {
        way.vertx()
                .eventBus()
                .<JsonObject>request(recipient.address(), draft.group, delivery())
                .onSuccess(reply -> {
                    underWay = null;
                    recipient.acknowledged();
                    confirm(reply.headers().get(GroupReceipt.CONFIRM));
                    acknowledge(draft, Objects.requireNonNullElse(reply.body(), NOTHING));
                    way.trouble().taken(draft.age());
                    if (tries == 1 && !way.abroad()) { // else it may be under way to a log once more
                        rooms.give(draft.group);
                    }
                    sendOrGather();
                })
                .onFailure(failure -> {
                    int records = draft.group.size();
                    LOG.debug("prediction log: {} records not acknowledged: {}", records, failure.getMessage());
                    way.retried(records);
                    way.trouble().refused(draft.age(), failure);
                    recipient.failed(failure, draft.awaited);
                    long pause = recipient.moves() ? 1 : backoff.after(tries).toMillis();
                    way.vertx().setTimer(pause, later -> attempt(draft, tries + 1));
                });
    }

    /** With the name of the group, where another log may get it some time. */
    private DeliveryOptions delivery() {
        if (!way.abroad()) {
            return way.delivery();
        }
        var delivery = new DeliveryOptions(way.delivery()).addHeader(GroupReceipt.GROUP, name + groups);
        return recipient.another() ? delivery.addHeader(GroupReceipt.ANOTHER, "true") : delivery;
    }

    /** A group that two logs may have is confirmed to none. */
    private void confirm(@Nullable String address) {
        if (address != null && !recipient.another()) {
            way.confirm(address, name + groups);
        }
    }

    /**
     * Tells those who wait.
     *
     * @param unwritable why, by the id of the record; empty if all are stored
     */
    private void acknowledge(Draft draft, JsonObject unwritable) {
        way.stored(draft.group.size() - unwritable.size());
        var turns = new Waiter.Turns();
        for (Told told : draft.told) {
            String fault = unwritable.isEmpty() ? null : unwritable.getString(told.recordId());
            if (fault == null && told.timeline() != null) {
                told.timeline().recorded();
            }
            if (told.waiter() != null) {
                turns.add(told.waiter(), fault == null ? null : new ServingException(ErrorCode.INTERNAL, fault));
            }
        }
        turns.begin();
        unwritable.forEach(fault -> way.lost(fault.getKey(), String.valueOf(fault.getValue())));
    }

    private void noteOldest() {
        var oldest = underWay == null ? drafts.peek() : underWay;
        var first = fresh.peek();
        oldestNanos = oldest != null ? oldest.sinceNanos : first != null ? first.sinceNanos() : 0;
    }
}
