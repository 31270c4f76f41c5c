package dev.augur.predictionlog.sink;

import java.util.ArrayList;
import java.util.List;

/** The messages of a batch, and how many of them, from the first on, the topic has. Used by one thread at a time. */
final class KafkaBatch {
    private final List<KafkaMessage> messages;
    private int taken;
    private int remembered;

    KafkaBatch(List<KafkaMessage> messages) {
        this.messages = new ArrayList<>(messages);
    }

    int size() {
        return messages.size();
    }

    KafkaMessage message(int index) {
        return messages.get(index);
    }

    /** The first that the topic may not have. */
    int taken() {
        return taken;
    }

    boolean whole() {
        return taken == messages.size();
    }

    void taken(int count) {
        taken = count;
    }

    /** Leaves out what is still to be sent and was sent by whoever remembered it. */
    void leaveOut(SentIds sent) {
        var left = messages.subList(taken, messages.size());
        sent.leaveOut(left);
    }

    /** Remembers what the topic has taken since the last call. */
    void remember(SentIds sent) {
        sent.add(messages.subList(remembered, taken));
        remembered = taken;
    }

    /** Puts the note in the place of a message; a note that is refused as well is left out. */
    void refuse(int index, String reason) {
        if (messages.get(index).note()) {
            messages.remove(index);
        } else {
            messages.set(index, messages.get(index).refused(reason));
        }
    }
}
