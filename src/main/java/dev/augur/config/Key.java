package dev.augur.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys as texts: the names of sections and of a setting with dots between them; a name that holds a dot stands in
 * double quotes, as in {@code models.by-name."bge-small-en-v1.5".queue}. Thread-safe.
 */
final class Key {
    private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|[^.]*");

    private Key() {}

    /** The key of what has that name in a section whose key, with the dot behind it, is given. */
    static String in(String section, String name) {
        return section + quoted(name);
    }

    /** The names that a key is made of. */
    static List<String> names(String key) {
        var names = new ArrayList<String>();
        Matcher matcher = NAME.matcher(key);
        for (int at = 0; at <= key.length(); at = matcher.end() + 1) {
            matcher.region(at, key.length());
            if (!matcher.lookingAt() || (matcher.end() < key.length() && key.charAt(matcher.end()) != '.')) {
                return List.of(key); // a quote that is not closed: no setting is called so
            }
            names.add(plain(matcher.group()));
        }
        return names;
    }

    /** A name without the quotes around it, if there are any. */
    static String plain(String name) {
        var matcher = NAME.matcher(name);
        return matcher.matches() && matcher.group(1) != null ? matcher.group(1).replace("\"\"", "\"") : name;
    }

    private static String quoted(String name) {
        return name.contains(".") || name.contains("\"") ? "\"" + name.replace("\"", "\"\"") + "\"" : name;
    }
}
