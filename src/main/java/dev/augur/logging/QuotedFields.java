package dev.augur.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.stream.Collectors;
import org.slf4j.event.KeyValuePair;

/**
 * The fields of an event in a line of text, each behind a blank: numbers as they are, texts in quotes and escaped as in
 * JSON, so that no value can pass for another field. Thread-safe.
 */
public final class QuotedFields extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        var fields = event.getKeyValuePairs();
        return fields == null ? "" : fields.stream().map(QuotedFields::text).collect(Collectors.joining());
    }

    private static String text(KeyValuePair field) {
        String value = String.valueOf(field.value);
        return " " + field.key + "="
                + (field.value instanceof CharSequence
                        ? '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(value)) + '"'
                        : value);
    }
}
