package dev.augur.feature.http;

import dev.augur.feature.Unusable;

/** An answer about one entity of which nothing can be used. Thread-safe. */
final class UnusableAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Unusable fault;

    UnusableAnswer(Unusable fault) {
        super(fault.why(), null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        this.fault = fault;
    }

    Unusable fault() {
        return fault;
    }
}
