package dev.augur.config;

import java.util.List;

/** A configuration that cannot be used, with every problem in it. Thread-safe. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("\n", problems), null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.problems = List.copyOf(problems);
    }

    /** One line each: where, which key, what was found, what is allowed. */
    public List<String> problems() {
        return problems;
    }
}
