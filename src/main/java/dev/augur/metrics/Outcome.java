package dev.augur.metrics;

import java.util.Locale;

/** What a request came to, as far as times are told apart by it: refusals are faster than answers. Thread-safe. */
enum Outcome {
    SUCCESS,
    CLIENT_ERROR,
    SERVER_ERROR;

    private static final int FIRST_OF_CLIENT = 400;
    private static final int FIRST_OF_SERVER = 500;

    static Outcome of(int status) {
        return status < FIRST_OF_CLIENT ? SUCCESS : status < FIRST_OF_SERVER ? CLIENT_ERROR : SERVER_ERROR;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
