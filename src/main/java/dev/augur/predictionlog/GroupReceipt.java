package dev.augur.predictionlog;

import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the sender of a group is told, once each of its records has been dealt with. Thread-safe. */
final class GroupReceipt {
    /**
     * The failure code of a group that was not taken: its sender tries again, whatever the reason, which the text
     * tells.
     */
    static final int NOT_TAKEN = 1;

    /** The header of a group by which its sender can confirm that it knows it to be stored. */
    static final String GROUP = "group";

    /** The header of a group that was sent to another log before. */
    static final String ANOTHER = "another";

    /** The header of a receipt: the address at which the log wants to be told that it has come. */
    static final String CONFIRM = "confirm";

    private static final DeliveryOptions PLAIN = new DeliveryOptions();

    private GroupReceipt() {}

    /**
     * Each of the records is stored, or can never be.
     *
     * @param faults why, by its id, a record can never be stored
     * @param confirm where to tell that this has come, if a group is to be confirmed
     */
    static void done(Message<RecordGroup> message, Map<String, String> faults, @Nullable String confirm) {
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
        boolean asks = confirm != null && message.headers().contains(GROUP);
        message.reply(unwritable, asks ? new DeliveryOptions().addHeader(CONFIRM, confirm) : PLAIN);
    }

    /**
     * The group could not be stored now and is to be sent again; those of its records that were stored are recognised
     * then.
     */
    static void refuse(Message<?> message, String reason) {
        message.fail(NOT_TAKEN, reason);
    }
}
