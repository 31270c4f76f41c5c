package dev.augur.timeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The stages of one request for a prediction, or of one item of it. The times are always kept, since the answer tells
 * them; everything else only while somebody watches. Stages may be noted on any thread; the rest is confined to the
 * request's event loop until it is over.
 */
public final class Timeline {
    /** Items of one request that are told one by one. */
    private static final int MAX_ITEMS = 500;

    private static final int STAGES = Stage.ALL.size();
    private static final long NEVER = Long.MIN_VALUE;
    private static final long MICROS = 1_000_000;
    private static final int NANOS = 1_000;

    private static final long SOMEWHEN = 1;

    private final Timelines.@Nullable Watcher watcher;
    private final @Nullable Object origin;
    private final AtomicLongArray stamps = new AtomicLongArray(2 * STAGES); // 0 where there is none
    private final @Nullable AtomicReferenceArray<String> threads;
    private List<Timeline> items = List.of();
    private Subject subject = Subject.NONE;
    private @Nullable Object item;
    private @Nullable String version;
    private @Nullable String recordId;
    private long batchRows;
    private long receivedMicros;
    private long endedMicros = NEVER;
    private int status;

    /**
     * What is asked.
     *
     * @param route its path
     * @param requestId what the client calls it
     */
    public record Subject(String route, @Nullable String requestId, @Nullable String model) {
        static final Subject NONE = new Subject("", null, null);
    }

    Timeline(Timelines.@Nullable Watcher watcher) {
        this(watcher, watcher == null ? null : watcher.origin());
    }

    private Timeline(Timelines.@Nullable Watcher watcher, @Nullable Object origin) {
        this.watcher = watcher;
        this.origin = origin;
        this.threads = watcher == null ? null : new AtomicReferenceArray<>(STAGES);
    }

    /** Whether somebody watches, so that it is worth telling what is asked. */
    public boolean watched() {
        return watcher != null;
    }

    /**
     * What is asked, for those who watch.
     *
     * @param ageNanos for how long it has been there
     */
    public void of(Subject asked, long ageNanos) {
        subject = asked;
        receivedMicros = now() - ageNanos / NANOS;
    }

    /** The timeline of one item of this request; {@code null} where nobody watches, or there are too many. */
    public @Nullable Timeline item(Object id) {
        if (watcher == null || items.size() == MAX_ITEMS) {
            return null;
        }
        var one = new Timeline(watcher, origin);
        one.subject = subject;
        one.receivedMicros = receivedMicros;
        one.item = id;
        if (items.isEmpty()) {
            items = new ArrayList<>();
        }
        items.add(one);
        return one;
    }

    /** The stage begins, on this thread. */
    public void begin(Stage stage) {
        stamps.setRelease(from(stage), now());
        stamps.setRelease(to(stage), 0);
        noteThread(stage, null);
    }

    /** The stage ends, if it has begun and not ended. */
    public void end(Stage stage) {
        if (stamps.getAcquire(from(stage)) != 0) {
            stamps.compareAndSet(to(stage), 0, now());
        }
    }

    /** A stage whose times are known from elsewhere, on a thread of that name; {@code null} for this one. */
    public void took(Stage stage, Instant from, Instant to, @Nullable String thread) {
        stamps.setRelease(from(stage), micros(from));
        stamps.setRelease(to(stage), micros(to));
        noteThread(stage, thread);
    }

    /** The stage of one of its items took so long; of those that are told, it took the longest. */
    public void longest(Stage stage, Duration time) {
        long micros = TimeUnit.NANOSECONDS.toMicros(time.toNanos());
        if (micros > micros(stage)) {
            stamps.setRelease(from(stage), SOMEWHEN);
            stamps.setRelease(to(stage), SOMEWHEN + micros);
        }
    }

    /** How many microseconds a stage took; -1 for one that there was not, or is not over. */
    public long micros(Stage stage) {
        long to = stamps.getAcquire(to(stage));
        return to == 0 ? -1 : Math.max(0, to - stamps.getAcquire(from(stage)));
    }

    /** Which version answers, in a batch of so many rows. */
    public void ran(String byVersion, long rows) {
        version = byVersion;
        batchRows = rows;
    }

    /** This item of several has no answer, but that status. */
    public void failed(int httpStatus) {
        status = httpStatus;
    }

    /** It has this record, whose storing is its last stage; {@code null} if it has none after all. */
    public void recordedAs(@Nullable String id) {
        recordId = id;
    }

    /** Its record is stored. May be called on any thread. */
    public void recorded() {
        end(Stage.RECORD);
        if (watcher != null) {
            watcher.recorded(this);
        }
    }

    /** It is over, with that status of HTTP. Nothing happens where nobody watches. */
    public void over(int httpStatus) {
        if (watcher == null) {
            return;
        }
        end(Stage.ANSWER);
        status = httpStatus;
        endedMicros = now();
        if (items.isEmpty()) {
            watcher.over(this);
            return;
        }
        for (Timeline one : items) {
            one.status = one.status == 0 ? httpStatus : one.status;
            one.endedMicros = endedMicros;
            one.copy(Stage.ENCODE, this);
            one.copy(Stage.ANSWER, this);
            watcher.over(one);
        }
    }

    /** What was asked. */
    public Subject subject() {
        return subject;
    }

    /** The entity of this item; {@code null} where there is none. */
    public @Nullable Object item() {
        return item;
    }

    /** The version that answered; {@code null} where there is none. */
    public @Nullable String version() {
        return version;
    }

    /** The id of its record; {@code null} where there is none. */
    public @Nullable String recordId() {
        return recordId;
    }

    /** Whether its record is still on its way. */
    public boolean recordPending() {
        return recordId != null && micros(Stage.RECORD) < 0;
    }

    /** The rows of the batch that it ran in; 0 where it did not run. */
    public long batchRows() {
        return batchRows;
    }

    /** When it came, in microseconds since 1970. */
    public long receivedMicros() {
        return receivedMicros;
    }

    /** How long it took, to the end of its answer. */
    public long totalMicros() {
        return Math.max(0, endedMicros - receivedMicros);
    }

    /** The status of its answer. */
    public int status() {
        return status;
    }

    /** When a stage that is over began, in microseconds after it came. */
    public long fromMicros(Stage stage) {
        return stamps.getAcquire(from(stage)) - receivedMicros;
    }

    /** Whether it is known when a stage that is over was, and not only how long. */
    public boolean placed(Stage stage) {
        return stamps.getAcquire(from(stage)) != SOMEWHEN;
    }

    /** When a stage that is over began, in microseconds since 1970. */
    public long epochMicros(Stage stage) {
        return stamps.getAcquire(from(stage));
    }

    /** Where its watcher said that it comes from; {@code null} for nowhere. */
    public @Nullable Object origin() {
        return origin;
    }

    /** The thread of a stage; {@code null} where it is not known. */
    public @Nullable String thread(Stage stage) {
        return threads == null ? null : threads.getAcquire(stage.place());
    }

    private void copy(Stage stage, Timeline other) {
        stamps.setRelease(from(stage), other.stamps.getAcquire(from(stage)));
        stamps.setRelease(to(stage), other.stamps.getAcquire(to(stage)));
        if (threads != null) {
            threads.setRelease(stage.place(), other.thread(stage));
        }
    }

    private void noteThread(Stage stage, @Nullable String thread) {
        if (threads != null) {
            threads.setRelease(
                    stage.place(), thread == null ? Thread.currentThread().getName() : thread);
        }
    }

    private static int from(Stage stage) {
        return 2 * stage.place();
    }

    private static int to(Stage stage) {
        return from(stage) + 1;
    }

    private static long now() {
        return micros(Instant.now());
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * MICROS + at.getNano() / NANOS;
    }
}
