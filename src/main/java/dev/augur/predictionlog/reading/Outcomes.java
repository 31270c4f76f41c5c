package dev.augur.predictionlog.reading;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The outcomes in an index by their predictions. One thread at a time. */
final class Outcomes {
    private final Map<String, Deque<Outcome>> byPrediction = new HashMap<>();

    /**
     * An outcome.
     *
     * @param value as text; {@code null} if it is an object or a long text
     */
    record Outcome(String predictionId, String recordId, @Nullable String value) {
        /** The outcome that a record is; {@code null} if it is none. */
        static @Nullable Outcome of(RecordHead head) {
            var predictionId = head.predictionId();
            var recordId = head.recordId();
            if (predictionId == null || recordId == null) {
                return null;
            }
            var value = head.outcome();
            boolean kept = value != null && value.length() <= RecordFilter.MAX_OUTCOME_CHARS;
            return new Outcome(predictionId, recordId, kept ? value : null);
        }
    }

    /** Adds one that is newer, or older, than those there are. */
    void add(@Nullable Outcome outcome, boolean newer) {
        if (outcome != null) {
            var all = byPrediction.computeIfAbsent(outcome.predictionId(), id -> new ArrayDeque<>(1));
            if (newer) {
                all.addFirst(outcome);
            } else {
                all.addLast(outcome);
            }
        }
    }

    void remove(@Nullable Outcome outcome) {
        if (outcome != null) {
            byPrediction.computeIfPresent(outcome.predictionId(), (id, all) -> {
                all.remove(outcome);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /** The ids of a prediction's outcomes, the newest first. */
    List<String> of(String predictionId, int limit) {
        var all = byPrediction.get(predictionId);
        return all == null
                ? List.of()
                : all.stream().limit(limit).map(Outcome::recordId).toList();
    }

    /** The predictions with such an outcome. */
    Set<String> predictionsOf(String value) {
        var found = new HashSet<String>();
        byPrediction.forEach((id, all) -> {
            if (all.stream().anyMatch(outcome -> Objects.equals(outcome.value(), value))) {
                found.add(id);
            }
        });
        return found;
    }
}
