package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.PredictionRecord.Status;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.RecordFilter;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The parameters of {@code GET /predictions}. Immutable, thread-safe.
 *
 * @param limit records of one page
 * @param from where to go on
 */
record PredictionQuery(RecordFilter filter, int limit, Optional<PagePlace> from) {
    /** The parameters there are. */
    static final List<String> NAMES = List.of(
            "model", "item_id", "endpoint", "status", "outcome", "since", "until", "replays", "limit", "cursor");

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    /**
     * Reads the parameters.
     *
     * @throws ServingException {@code INVALID_ARGUMENT} when one is given twice, is empty, or is not what it should be
     */
    static PredictionQuery of(MultiMap parameters) {
        var filter = new RecordFilter(
                one(parameters, "model"),
                one(parameters, "item_id"),
                one(parameters, "endpoint"),
                one(parameters, "status").map(PredictionQuery::status),
                one(parameters, "since").map(text -> time("since", text)),
                one(parameters, "until").map(text -> time("until", text)),
                one(parameters, "replays").map(PredictionQuery::flag).orElse(false),
                one(parameters, "outcome").map(PredictionQuery::outcome));
        return new PredictionQuery(
                filter,
                one(parameters, "limit").map(PredictionQuery::limit).orElse(DEFAULT_LIMIT),
                one(parameters, "cursor").map(PredictionQuery::place));
    }

    private static Optional<String> one(MultiMap parameters, String name) {
        var values = parameters.getAll(name);
        if (values.size() > 1) {
            throw invalid(name + " is given " + values.size() + " times");
        }
        if (values.contains("")) {
            throw invalid(name + " is empty: a filter that asks for nothing would be answered with everything");
        }
        return values.stream().findFirst();
    }

    private static String status(String text) {
        var all = Arrays.stream(Status.values()).map(Status::name).toList();
        if (!all.contains(text)) {
            throw invalid("status must be one of " + all + ", found \"" + text + "\"");
        }
        return text;
    }

    private static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw invalid("replays must be true or false, found \"" + text + "\"");
        }
        return text.equals("true");
    }

    private static String outcome(String text) {
        if (text.length() > RecordFilter.MAX_OUTCOME_CHARS) {
            throw invalid("outcome must have at most " + RecordFilter.MAX_OUTCOME_CHARS + " characters");
        }
        return text;
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw invalid("limit must be a whole number from 1 to " + MAX_LIMIT + ", found \"" + text + "\"");
    }

    /** An offset's plus sign that was not encoded has become a space. */
    static Instant time(String name, String text) {
        try {
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw invalid(name + " must be a time such as 2026-01-31T12:00:00Z, found \"" + text + "\"");
        }
    }

    private static PagePlace place(String text) {
        return PagePlace.of(text).orElseThrow(() -> invalid("cursor is not one that this server gave"));
    }

    private static ServingException invalid(String message) {
        return new ServingException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
