package dev.augur.predictionlog;

import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the sender of a group is told, once each of its records has been dealt with. Confined to one event loop. */
final class GroupReceipt {
    /**
     * The failure code of a group that was not taken: its sender tries again, whatever the reason, which the text
     * tells.
     */
    static final int NOT_TAKEN = 1;

    private final Message<?> message;
    private int open;
    private @Nullable JsonObject unwritable;

    /** A receipt for that many records. */
    GroupReceipt(Message<?> message, int records) {
        this.message = message;
        this.open = records;
    }

    /**
     * A record is stored, or can never be.
     *
     * @param faults why, by its id, a record can never be stored
     */
    void done(LogRecord record, Map<String, String> faults) {
        String fault = faults.get(record.recordId());
        if (fault != null) {
            unwritable = unwritable == null ? new JsonObject() : unwritable;
            unwritable.put(record.recordId(), fault);
        }
        open--;
        if (open == 0) {
            message.reply(unwritable);
        }
    }

    /**
     * A record could not be stored now: the whole group is to be sent again. Those that were stored are recognised
     * then.
     */
    void refuse() {
        if (open > 0) {
            open = 0;
            message.fail(NOT_TAKEN, "the ledger could not be written");
        }
    }
}
