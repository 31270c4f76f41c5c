package dev.augur.contract;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Holds JSON against the JSON it must be: same members, same elements in the same order, numbers equal within a
 * tolerance. In what must be, the text {@code "*"} stands for anything that is there, {@code "*count"} for an integer
 * from 0, and a text that begins with {@code ~} for one that contains the rest.
 */
final class JsonPattern {
    /** Keeps numbers as they are written. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final BigDecimal tolerance;
    private final List<String> differences = new ArrayList<>();

    private JsonPattern(double tolerance) {
        this.tolerance = BigDecimal.valueOf(tolerance);
    }

    /** Where they differ; empty if they do not. */
    static List<String> differences(JsonNode expected, JsonNode actual, double tolerance) {
        var pattern = new JsonPattern(tolerance);
        pattern.compare("$", expected, actual);
        return pattern.differences;
    }

    private void compare(String place, JsonNode expected, JsonNode actual) {
        if (expected.isObject() && actual.isObject()) {
            members(place, expected, actual);
        } else if (expected.isArray() && actual.isArray()) {
            elements(place, expected, actual);
        } else if (!matches(expected, actual)) {
            differences.add(place + ": expected " + expected + ", found " + actual);
        }
    }

    private void members(String place, JsonNode expected, JsonNode actual) {
        var names = new TreeSet<String>();
        expected.fieldNames().forEachRemaining(names::add);
        actual.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (expected.has(name) && actual.has(name)) {
                compare(place + "." + name, expected.get(name), actual.get(name));
            } else {
                differences.add(place + "." + name + (actual.has(name) ? ": not expected" : ": missing"));
            }
        }
    }

    private void elements(String place, JsonNode expected, JsonNode actual) {
        if (expected.size() != actual.size()) {
            differences.add(place + ": expected " + expected.size() + " elements, found " + actual.size());
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            compare(place + "[" + i + "]", expected.get(i), actual.get(i));
        }
    }

    private boolean matches(JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            var distance =
                    expected.decimalValue().subtract(actual.decimalValue()).abs();
            return distance.compareTo(tolerance) <= 0;
        }
        String text = expected.isTextual() ? expected.textValue() : "";
        if (text.equals("*")) {
            return true;
        }
        if (text.equals("*count")) {
            return actual.isIntegralNumber() && actual.bigIntegerValue().signum() >= 0;
        }
        if (text.startsWith("~")) {
            return actual.isTextual() && actual.textValue().contains(text.substring(1));
        }
        return expected.equals(actual);
    }
}
