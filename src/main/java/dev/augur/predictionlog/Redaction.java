package dev.augur.predictionlog;

import dev.augur.predictionlog.PredictionRecord.Feature;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes values out of records before anything is stored. A rule is the path of a field: {@code item_id}, {@code client_request_id},
 * {@code error}, {@code inputs}, {@code outputs}, {@code features}, or one of the last three with a name behind a dot. Features are inputs in
 * other words, and errors may quote values: who takes a feature out names the input and {@code error} as well. Thread-safe.
 */
public final class Redaction {
    /** What is allowed as a rule. */
    public static final Pattern RULE =
            Pattern.compile("item_id|client_request_id|error|(inputs|outputs|features)(\\..+)?");

    private static final String GONE = "[redacted]";

    private final Set<String> rules;

    public Redaction(List<String> rules) {
        this.rules = Set.copyOf(rules);
    }

    /** The record without what the rules name. */
    PredictionRecord apply(PredictionRecord record) {
        if (rules.isEmpty()) {
            return record;
        }
        var gone = new LinkedHashSet<String>();
        return new PredictionRecord(
                record.schemaVersion(),
                record.recordId(),
                (String) scalar("client_request_id", record.clientRequestId(), gone),
                record.traceId(),
                scalar("item_id", record.itemId(), gone),
                record.endpoint(),
                record.node(),
                record.model(),
                record.modelVersion(),
                record.artifactDigest(),
                record.featureSource(),
                record.status(),
                record.httpStatus(),
                record.errorCode(),
                (String) scalar("error", record.error(), gone),
                record.times(),
                record.batchRows(),
                values("inputs", record.inputs(), gone),
                record.features().stream()
                        .map(feature -> feature(feature, gone))
                        .toList(),
                values("outputs", record.outputs(), gone),
                List.copyOf(gone));
    }

    private @Nullable Object scalar(String path, @Nullable Object value, Set<String> gone) {
        if (value == null || !rules.contains(path)) {
            return value;
        }
        gone.add(path);
        return GONE;
    }

    private Map<String, Object> values(String path, Map<String, Object> values, Set<String> gone) {
        var kept = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> kept.put(name, named(path, name, gone) ? GONE : value));
        return kept;
    }

    private Feature feature(Feature feature, Set<String> gone) {
        return named("features", feature.name(), gone)
                ? new Feature(feature.name(), GONE, feature.status(), feature.ageMs())
                : feature;
    }

    private boolean named(String path, String name, Set<String> gone) {
        if (rules.contains(path)) {
            gone.add(path);
            return true;
        }
        String full = path + "." + name;
        boolean rule = rules.contains(full);
        if (rule) {
            gone.add(full);
        }
        return rule;
    }
}
