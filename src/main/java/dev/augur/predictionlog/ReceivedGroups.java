package dev.augur.predictionlog;

import io.vertx.core.eventbus.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The groups that wait for the ledger, in the order received. Confined to one event loop. */
final class ReceivedGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ReceivedGroups.class);
    /** What is written at once, but for its last group. */
    private static final int MAX_BYTES = 8 << 20;

    private final int maxRecords;
    private final ArrayDeque<Message<RecordGroup>> groups = new ArrayDeque<>();
    private int records;

    /**
     * None yet.
     *
     * @param maxRecords how many may wait; of a single group there may be more
     */
    ReceivedGroups(int maxRecords) {
        this.maxRecords = maxRecords;
    }

    /** Takes a group, or refuses it. */
    void add(Message<RecordGroup> message) {
        RecordGroup group;
        try {
            group = message.body(); // from another node, this is where it is decoded
        } catch (RuntimeException e) {
            LOG.error("prediction log: records cannot be read", e);
            GroupReceipt.refuse(message, "the records cannot be read by this node");
            return;
        }
        if (records > 0 && records + group.size() > maxRecords) {
            GroupReceipt.refuse(message, "too many records wait for the ledger");
            return;
        }
        records += group.size();
        groups.add(message);
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    /** What is written next, at once. */
    List<Message<RecordGroup>> next() {
        var next = new ArrayList<Message<RecordGroup>>();
        long bytes = 0;
        while (!groups.isEmpty() && bytes < MAX_BYTES) {
            var group = groups.remove();
            next.add(group);
            bytes += group.body().bytes();
            records -= group.body().size();
        }
        return next;
    }
}
