package dev.augur.model.runtime;

/** Where a model runs. */
public enum Execution {
    /** On its workers. */
    WORKER,
    /** On the event loops that its requests came to, while its runs are short; else on its workers. */
    EVENT_LOOP
}
