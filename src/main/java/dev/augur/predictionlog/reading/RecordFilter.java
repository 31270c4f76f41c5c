package dev.augur.predictionlog.reading;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which predictions are asked for; what is empty is not asked. Immutable, thread-safe.
 *
 * @param itemId the entity, as text
 * @param since received then or later
 * @param until received then or earlier
 */
public record RecordFilter(
        Optional<String> model,
        Optional<String> itemId,
        Optional<String> endpoint,
        Optional<String> status,
        Optional<Instant> since,
        Optional<Instant> until) {

    /** Every prediction. */
    public static final RecordFilter ALL = new RecordFilter(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether a record is one of them; records of other kinds never are. */
    public boolean matches(RecordHead head) {
        return head.isPrediction()
                && same(model, head.model())
                && same(itemId, head.itemId())
                && same(endpoint, head.endpoint())
                && same(status, head.status())
                && inTime(head.receivedAt());
    }

    /** Whether a record was received before what is asked for begins. */
    boolean isBefore(RecordHead head) {
        var time = head.receivedAt();
        return since.isPresent() && time != null && time.isBefore(since.get());
    }

    private boolean inTime(@Nullable Instant time) {
        if (since.isEmpty() && until.isEmpty()) {
            return true;
        }
        return time != null
                && since.map(first -> !time.isBefore(first)).orElse(true)
                && until.map(last -> !time.isAfter(last)).orElse(true);
    }

    private static boolean same(Optional<String> wanted, @Nullable String found) {
        return wanted.isEmpty() || wanted.get().equals(found);
    }
}
