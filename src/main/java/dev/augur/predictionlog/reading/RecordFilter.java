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
 * @param replays whether the predictions that a replay asked for are among them
 * @param outcome what it turned out to be, as text; who asks looks that up
 */
public record RecordFilter(
        Optional<String> model,
        Optional<String> itemId,
        Optional<String> endpoint,
        Optional<String> status,
        Optional<Instant> since,
        Optional<Instant> until,
        boolean replays,
        Optional<String> outcome) {

    /** The longest outcome that can be asked for. */
    public static final int MAX_OUTCOME_CHARS = 100;

    /** Every prediction. */
    public static final RecordFilter ALL = new RecordFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            /* replays= */ true);

    /** Whatever they turned out to be. */
    public RecordFilter(
            Optional<String> model,
            Optional<String> itemId,
            Optional<String> endpoint,
            Optional<String> status,
            Optional<Instant> since,
            Optional<Instant> until,
            boolean replays) {
        this(model, itemId, endpoint, status, since, until, replays, /* outcome= */ Optional.empty());
    }

    /** Whether a record is one of them, but for its outcome; records of other kinds never are. */
    public boolean matches(RecordHead head) {
        return head.isPrediction()
                && (replays || !head.isReplay())
                && same(model.orElse(null), head.model())
                && same(itemId.orElse(null), head.itemId())
                && same(endpoint.orElse(null), head.endpoint())
                && same(status.orElse(null), head.status())
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

    private static boolean same(@Nullable String wanted, @Nullable String found) {
        return wanted == null || wanted.equals(found);
    }
}
