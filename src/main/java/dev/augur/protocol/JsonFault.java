package dev.augur.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;

/**
 * What is wrong with a body that is no JSON, in words for its sender: without the parser's talk of its own settings.
 * Thread-safe.
 */
public final class JsonFault {
    private static final List<String> PARSER_TALK =
            List.of("\n", " (start marker", ": was expecting", ": expected a valid", ": has to be", " within/between");

    private JsonFault() {}

    /** One short line. */
    public static String text(JsonProcessingException fault) {
        String text = String.valueOf(fault.getOriginalMessage()).replaceAll(", from `[^`]*`", "");
        for (String talk : PARSER_TALK) {
            int at = text.indexOf(talk);
            text = at < 0 ? text : text.substring(0, at);
        }
        return text;
    }
}
