package dev.augur.predictionlog;

import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.line.RecordField;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes values out of records before anything is stored. A rule is the path of a field: {@code item_id},
 * {@code client_request_id}, {@code error}, {@code inputs}, {@code outputs}, {@code features}, or one of the last three
 * with a name behind a dot. More goes than the rules name, for what is named is to stand nowhere else in the record:
 * {@code error}, whose text may quote any value, with every rule; of a record with features, all inputs with a feature
 * and all features with an input, since one is made of the other; with {@code item_id} every value that holds it.
 * {@code redacted} lists all of it. Thread-safe.
 */
public final class Redaction {
    /** What is allowed as a rule. */
    public static final Pattern RULE =
            Pattern.compile("item_id|client_request_id|error|(inputs|outputs|features)(\\..+)?");

    private static final String GONE = "[redacted]";
    private static final double EXACT = 1L << 53;

    private final Set<String> rules;

    public Redaction(List<String> rules) {
        this.rules = Set.copyOf(rules);
    }

    /** Takes out of the record what the rules name. */
    void apply(PredictionRecord record) {
        if (!rules.isEmpty()) {
            new Taking(record).take();
        }
    }

    /** One record. Confined to one thread. */
    private final class Taking {
        private final PredictionRecord record;
        private final @Nullable String item;
        private final boolean allInputs;
        private final boolean allFeatures;
        private final Set<String> gone = new LinkedHashSet<>();

        private Taking(PredictionRecord record) {
            this.record = record;
            this.item = rules.contains(RecordField.ITEM_ID) && record.itemId != null ? text(record.itemId) : null;
            this.allInputs = rules.contains(RecordField.INPUTS)
                    || (!record.features.isEmpty() && ruled(RecordField.FEATURES, featureNames()));
            this.allFeatures = rules.contains(RecordField.FEATURES)
                    || (record.inputs.isEmpty() ? ruledInputs() : ruled(RecordField.INPUTS, record.inputs.keySet()));
        }

        private void take() {
            record.origin = record.origin.named(scalar(RecordField.CLIENT_REQUEST_ID, record.origin.requestId()));
            if (item != null) {
                record.itemId = take(RecordField.ITEM_ID);
            }
            if (record.error != null) {
                record.error = take(RecordField.ERROR);
            }
            record.inputs = values(RecordField.INPUTS, record.inputs, allInputs);
            record.features = record.features.stream().map(this::feature).toList();
            record.outputs = values(RecordField.OUTPUTS, record.outputs, rules.contains(RecordField.OUTPUTS));
            record.redacted = List.copyOf(gone);
        }

        private Set<String> featureNames() {
            return record.features.stream().map(Feature::name).collect(Collectors.toSet());
        }

        /** Of a record whose inputs were not made yet. */
        private boolean ruledInputs() {
            return rules.stream().anyMatch(rule -> rule.startsWith(RecordField.INPUTS));
        }

        private boolean ruled(String part, Set<String> names) {
            return rules.contains(part) || names.stream().anyMatch(name -> rules.contains(part + "." + name));
        }

        private String take(String path) {
            gone.add(path);
            return GONE;
        }

        private @Nullable String scalar(String path, @Nullable String value) {
            return value != null && (rules.contains(path) || holdsItem(value)) ? take(path) : value;
        }

        private Map<String, Object> values(String part, Map<String, Object> values, boolean all) {
            var kept = new LinkedHashMap<String, Object>();
            values.forEach((name, value) -> kept.put(name, value(part, name, value, all)));
            return kept;
        }

        private Feature feature(Feature feature) {
            var value = feature.value();
            return value == null
                    ? feature
                    : new Feature(
                            feature.name(),
                            value(RecordField.FEATURES, feature.name(), value, allFeatures),
                            feature.status(),
                            feature.ageMs());
        }

        private Object value(String part, String name, Object value, boolean all) {
            String path = part + "." + name;
            if (all) {
                return take(part);
            }
            return rules.contains(path) || holdsItem(value) ? take(path) : value;
        }

        /** A text that has it in it, or the number that it is. */
        private boolean holdsItem(Object value) {
            if (item == null || item.isEmpty()) {
                return false;
            }
            if (value instanceof List<?> list) {
                return list.stream().anyMatch(this::holdsItem);
            }
            return value instanceof String text ? text.contains(item) : item.equals(text(value));
        }

        private static String text(Object value) {
            double number =
                    value instanceof Double || value instanceof Float ? ((Number) value).doubleValue() : Double.NaN;
            return number == Math.rint(number) && Math.abs(number) < EXACT
                    ? String.valueOf((long) number)
                    : String.valueOf(value);
        }
    }
}
