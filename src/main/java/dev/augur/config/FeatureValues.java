package dev.augur.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Values of features as they stand in a configuration. Thread-safe. */
final class FeatureValues {
    private FeatureValues() {}

    /** Numbers and truth values where the texts are such. */
    static Map<String, Object> of(Map<String, String> texts) {
        var values = new LinkedHashMap<String, Object>();
        texts.forEach((name, text) -> values.put(name, value(text)));
        return values;
    }

    private static Object value(String text) {
        if (text.matches("-?[0-9]{1,18}")) {
            return Long.valueOf(text);
        }
        if (text.matches("-?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]{1,3})?")) {
            double number = Double.parseDouble(text);
            return Double.isFinite(number) ? (Object) number : text;
        }
        return text.matches("true|false") ? (Object) Boolean.valueOf(text) : text;
    }
}
