package dev.augur.predictionlog;

import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What the sender of a group is told, once each of its records has been dealt with. Thread-safe. */
final class GroupReceipt {
    /**
     * The failure code of a group that was not taken: its sender tries again, whatever the reason, which the text
     * tells.
     */
    static final int NOT_TAKEN = 1;

    private GroupReceipt() {}

    /**
     * Each of the records is stored, or can never be.
     *
     * @param faults why, by its id, a record can never be stored
     */
    static void done(Message<RecordGroup> message, Map<String, String> faults) {
        JsonObject unwritable = null;
        if (!faults.isEmpty()) {
            var group = message.body();
            for (int i = 0; i < group.size(); i++) {
                String fault = faults.get(group.id(i));
                if (fault != null) {
                    unwritable = unwritable == null ? new JsonObject() : unwritable;
                    unwritable.put(group.id(i), fault);
                }
            }
        }
        message.reply(unwritable);
    }

    /**
     * The group could not be stored now and is to be sent again; those of its records that were stored are recognised
     * then.
     */
    static void refuse(Message<?> message, String reason) {
        message.fail(NOT_TAKEN, reason);
    }
}
