package dev.augur.predictionlog.sink;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The messages of a batch, and how many of them, from the first on, the topic has. Used by one thread at a time. */
final class KafkaBatch {
    private final List<KafkaMessage> messages;
    private int taken;
    private int remembered;
    private final Set<String> doubtful;

    /**
     * None of them taken.
     *
     * @param doubtful the ids of those that the topic may have all the same
     */
    KafkaBatch(List<KafkaMessage> messages, Set<String> doubtful) {
        this.messages = new ArrayList<>(messages);
        this.doubtful = new HashSet<>(doubtful);
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

    /** Leaves out what is still to be sent and was sent by whoever remembered it; how many those are. */
    int leaveOut(SentIds sent) {
        var left = messages.subList(taken, messages.size());
        int before = left.size();
        sent.leaveOut(left);
        return before - left.size();
    }

    /** The ids of those still to be sent that the topic may have. */
    Set<String> doubtful() {
        return Set.copyOf(doubtful);
    }

    /** No message of those in doubt is older; milliseconds since 1970. */
    long doubtfulSince() {
        return messages.stream()
                .filter(message -> doubtful.contains(message.recordId()))
                .mapToLong(KafkaMessage::timeMillis)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Nothing is in doubt any more: leaves these out, which the topic has. */
    int settle(Set<String> known) {
        var left = messages.subList(taken, messages.size());
        int before = left.size();
        left.removeIf(message -> known.contains(message.recordId()));
        doubtful.clear();
        return before - left.size();
    }

    /** It is not known of any that is still to be sent whether the topic has it. */
    void doubt() {
        messages.subList(taken, messages.size()).forEach(message -> doubtful.add(message.recordId()));
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
