package dev.augur.predictionlog;

import dev.augur.bus.Addresses;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which log a group of records is sent to. Each group goes to the next one in turn that is not slow, and stays with
 * it while an acknowledgement may still come: that log recognises what it has. It goes to another where that one
 * refuses it, is gone, has said nothing since, or does not acknowledge for several tries; for one, where an answer
 * waits for the records, which has less time than that. Confined to one event loop.
 */
final class Recipient {
    private static final int MOST_TIMEOUTS = 3;

    private final Supplier<List<String>> writers;
    private final SlowLogs slow;
    private int turn;
    private @Nullable String writer;
    private @Nullable String asked;
    private boolean another;
    private int timeouts;

    /**
     * One of these.
     *
     * @param writers of nodes that say something, at this moment; where there is none, whoever takes records is asked
     * @param slow what all senders of this node know
     */
    Recipient(Supplier<List<String>> writers, SlowLogs slow) {
        this.writers = writers;
        this.slow = slow;
    }

    /** A group begins. */
    void next() {
        writer = null;
        asked = null;
        another = false;
        timeouts = 0;
    }

    /**
     * A try has failed.
     *
     * @param awaited whether an answer waits for these records
     */
    void failed(Throwable failure, boolean awaited) {
        boolean late = failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
        timeouts = late && !awaited ? timeouts + 1 : MOST_TIMEOUTS;
        if (writer != null) {
            slow.failed(writer);
        }
    }

    /** The group is stored. */
    void acknowledged() {
        if (writer != null) {
            slow.acknowledged(writer);
        }
    }

    /** Whether the next try goes to another log than the last one did. */
    boolean moves() {
        var all = writers.get();
        return writer != null
                && (!all.contains(writer) || timeouts >= MOST_TIMEOUTS)
                && all.stream().anyMatch(other -> !other.equals(writer));
    }

    /** Where to send it. */
    String address() {
        var all = writers.get();
        if (writer == null || moves()) {
            String last = writer;
            var others = all.stream().filter(other -> !other.equals(last)).toList();
            var good = others.stream().filter(other -> !slow.leftOut(other)).toList();
            var some = good.isEmpty() ? others : good;
            writer = some.isEmpty() ? null : some.get(Math.floorMod(turn++, some.size()));
            timeouts = 0;
        }
        var address = writer == null ? Addresses.PREDICTION_LOG : Addresses.predictionLog(writer);
        another |= asked != null && (writer == null || !address.equals(asked)); // the shared one has any log answer
        asked = address;
        return address;
    }

    /** Whether this group was sent to more than one log, so that two may have it. */
    boolean another() {
        return another;
    }
}
