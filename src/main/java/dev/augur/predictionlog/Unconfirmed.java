package dev.augur.predictionlog;

import dev.augur.bus.Addresses;
import dev.augur.predictionlog.ledger.Doubts;
import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.sink.FollowedFolder;
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

/**
 * The lines that came from other nodes, until their senders have confirmed that they know of them: such a sender gives
 * them to no other log. Lines of which that does not come in time, and those that were sent to another log before, are
 * in doubt. Thread-safe; {@link #hold} and {@link #keep} are called on the log's worker and may block.
 */
final class Unconfirmed {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long KEEPING_NANOS = Duration.ofSeconds(2).toNanos();

    private final Ledger ledger;
    private final Path folder;
    private final Doubts doubts;
    private final boolean wanted;
    private final ArrayDeque<Lines> open = new ArrayDeque<>(); // in order; the first is not confirmed
    private final Map<String, Lines> byGroup = new HashMap<>();
    private long held = Long.MAX_VALUE;
    private long keptNanos = System.nanoTime();

    /** What was stored at once, and the groups of it that are not confirmed. */
    private record Lines(long first, long last, Set<String> groups, long sinceNanos) {}

    private Unconfirmed(Ledger ledger, Path folder, Doubts doubts, boolean wanted) {
        this.ledger = ledger;
        this.folder = folder;
        this.doubts = doubts;
        this.wanted = wanted;
    }

    /**
     * Those of one ledger. Worker thread.
     *
     * @param directory where the folders of writers lie
     * @param wanted whether somebody asks which lines are in doubt; else every one counts as settled
     */
    static Unconfirmed of(Ledger ledger, Path directory, boolean wanted) throws IOException {
        var folder = directory.resolve(ledger.writer());
        return new Unconfirmed(ledger, folder, FollowedFolder.doubts(folder, ledger.storedSeq()), wanted);
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

    /** A sender knows that these groups are stored; those that are not known here are of no matter. */
    synchronized void confirm(JsonArray groups) {
        for (Object group : groups) {
            var lines = byGroup.remove(group);
            if (lines != null) {
                lines.groups().remove(group);
            }
        }
        settle();
    }

    /** Gives up those that have had their time; whether there were some. */
    synchronized boolean giveUp() {
        long now = System.nanoTime();
        boolean some = false;
        while (!open.isEmpty() && now - open.getFirst().sinceNanos() > PATIENCE_NANOS) {
            var late = open.removeFirst();
            late.groups().forEach(byGroup::remove);
            doubts.add(late.first(), late.last());
            settle();
            some = true;
        }
        return some;
    }

    /**
     * Keeps what is in doubt, if it was not kept lately.
     *
     * @param needed the first line that somebody may still ask for
     */
    void keep(long needed) throws IOException {
        long now = System.nanoTime();
        if (now - keptNanos > KEEPING_NANOS) {
            keptNanos = now;
            keepNow(needed);
        }
    }

    /** Keeps what is in doubt. */
    void keepNow(long needed) throws IOException {
        if (doubts.isKept()) {
            doubts.forget(needed);
            doubts.save(settledSeq());
        }
    }

    private void settle() {
        while (!open.isEmpty() && open.getFirst().groups().isEmpty()) {
            var unused = open.removeFirst();
        }
    }

    private static boolean isForeign(Message<RecordGroup> group) {
        return group.headers().contains(GroupReceipt.GROUP);
    }
}
