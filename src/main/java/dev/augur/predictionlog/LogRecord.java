package dev.augur.predictionlog;

/** What the ledger carries: one JSON object per line, found again by its id. Immutable, thread-safe. */
public sealed interface LogRecord permits PredictionRecord, OutcomeRecord, RefusalsRecord, EncodedRecord {
    /** Unique; the same on every try to store this record. */
    String recordId();
}
