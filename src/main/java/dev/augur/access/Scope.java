package dev.augur.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be allowed. Thread-safe. */
public enum Scope {
    /** Predictions; of all models and pipelines, or of some. */
    PREDICT,
    /** What there is to see: metadata, statistics, metrics, the prediction log, the console. */
    READ,
    /** What changes the server: loading and unloading of models, outcomes of predictions. */
    ADMIN;

    /** As it stands in a key file and in a token. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Scope> of(String text) {
        return Arrays.stream(values())
                .filter(scope -> scope.text().equals(text))
                .findFirst();
    }
}
