package dev.augur.predictionlog;

import dev.augur.bus.Addresses;
import dev.augur.error.Repeated;
import dev.augur.predictionlog.ledger.Doubts;
import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.sink.FollowedFolder;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines that came from other nodes, until their senders have confirmed that they know of them: such a sender gives
 * them to no other log. Lines of which that does not come in time, and those that were sent to another log before, are
 * in doubt. Thread-safe; {@link #hold} and {@link #keep} block.
 */
final class Unconfirmed {
    private static final Logger LOG = LoggerFactory.getLogger(Unconfirmed.class);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long KEEPING_NANOS = Duration.ofSeconds(2).toNanos();

    private final Ledger ledger;
    private final Path folder;
    private final Doubts doubts;
    private final boolean wanted;
    private final WorkerPool worker;
    private final ArrayDeque<Lines> open = new ArrayDeque<>(); // in order; the first is not confirmed
    private final Map<String, Lines> byGroup = new HashMap<>();
    private long held = Long.MAX_VALUE;
    private long keptNanos = System.nanoTime(); // with the next field, of the event loop
    private long faults;

    /** What was stored at once, and the groups of it that are not confirmed. */
    private record Lines(long first, long last, Set<String> groups, long sinceNanos) {}

    private Unconfirmed(Ledger ledger, Path folder, Doubts doubts, boolean wanted, WorkerPool worker) {
        this.ledger = ledger;
        this.folder = folder;
        this.doubts = doubts;
        this.wanted = wanted;
        this.worker = worker;
    }

    /**
     * Those of one ledger. Worker thread.
     *
     * @param directory where the folders of writers lie
     * @param wanted whether somebody asks which lines are in doubt; else every one counts as settled
     */
    static Unconfirmed of(Vertx vertx, Ledger ledger, Path directory, boolean wanted) {
        var folder = directory.resolve(ledger.writer());
        var doubts = FollowedFolder.doubts(folder, ledger.storedSeq());
        var worker = new WorkerPool(vertx, "augur-log-doubts", /* workers= */ 1, /* queue= */ 1);
        return new Unconfirmed(ledger, folder, doubts, wanted, worker);
    }

    /** The ledger for those who follow it. */
    FollowedFolder followed() {
        return new FollowedFolder(folder, ledger::storedSeq, this::settledSeq, doubts);
    }

    /** Where senders confirm, if they are to do so. */
    @Nullable
    String address() {
        return wanted ? Addresses.predictionLogConfirmed(ledger.writer()) : null;
    }

    /** Up to which line it is known, for each, whether it is in doubt. */
    synchronized long settledSeq() {
        long before = open.isEmpty() ? Long.MAX_VALUE : open.getFirst().first() - 1;
        return Math.min(ledger.storedSeq(), Math.min(held, before));
    }

    /** These groups will be stored next; nothing of them is settled before {@link #release}. */
    void hold(List<Message<RecordGroup>> groups) throws IOException {
        if (wanted && !doubts.isKept() && groups.stream().anyMatch(Unconfirmed::isForeign)) {
            doubts.save(settledSeq()); // if this process dies, what is behind it is in doubt
        }
        synchronized (this) {
            held = ledger.storedSeq();
        }
    }

    /** What was stored since {@link #hold}, if something was, is of these groups. */
    synchronized void release(List<Message<RecordGroup>> groups) {
        var lines = new Lines(held + 1, ledger.storedSeq(), new HashSet<>(), System.nanoTime());
        held = Long.MAX_VALUE;
        if (!wanted || lines.first() > lines.last()) {
            return;
        }
        for (var group : groups) {
            if (group.headers().contains(GroupReceipt.ANOTHER)) {
                doubts.add(lines.first(), lines.last());
            } else if (isForeign(group)) {
                String name = group.headers().get(GroupReceipt.GROUP);
                lines.groups().add(name);
                byGroup.put(name, lines);
            }
        }
        if (!lines.groups().isEmpty()) {
            open.add(lines);
        }
    }

    /**
     * A sender knows that these groups are stored; those that are not known here are of no matter. Whether more is
     * settled now.
     */
    synchronized boolean confirm(JsonArray groups) {
        for (Object group : groups) {
            var lines = byGroup.remove(group);
            if (lines != null) {
                lines.groups().remove(group);
            }
        }
        return settle();
    }

    /** Gives up those that have had their time; whether there were some. */
    synchronized boolean giveUp() {
        long now = System.nanoTime();
        boolean some = false;
        while (!open.isEmpty() && now - open.getFirst().sinceNanos() > PATIENCE_NANOS) {
            var late = open.removeFirst();
            late.groups().forEach(byGroup::remove);
            doubts.add(late.first(), late.last());
            some = true;
        }
        return settle() || some;
    }

    /**
     * Keeps what is in doubt, if it was not kept lately, on a worker of its own: files are forced, for which no record
     * waits.
     *
     * @param needed the first line that somebody may still ask for
     */
    void keepSoon(long needed) {
        long now = System.nanoTime();
        if (doubts.isKept() && now - keptNanos > KEEPING_NANOS) {
            keptNanos = now;
            worker.perform(() -> keep(needed)).onFailure(failure -> {
                if (Repeated.tells(++faults)) {
                    LOG.warn("prediction log: what is in doubt cannot be kept: {}", failure.toString());
                }
            });
        }
    }

    /** Keeps what is in doubt. Worker thread. */
    void keep(long needed) throws IOException {
        if (wanted && doubts.isKept()) { // nobody tells what is in doubt while nobody wants to know
            doubts.forget(needed);
            doubts.save(settledSeq());
        }
    }

    private boolean settle() {
        boolean some = false;
        while (!open.isEmpty() && open.getFirst().groups().isEmpty()) {
            some |= open.removeFirst() != null;
        }
        return some;
    }

    private static boolean isForeign(Message<RecordGroup> group) {
        return group.headers().contains(GroupReceipt.GROUP);
    }
}
