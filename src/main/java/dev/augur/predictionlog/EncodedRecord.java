package dev.augur.predictionlog;

import dev.augur.json.JsonText;
import dev.augur.timeline.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is to stand in the ledger. Thread-safe.
 *
 * @param json one object
 * @param timeline is told when it is stored
 */
record EncodedRecord(String recordId, JsonText json, @Nullable Timeline timeline) implements LogRecord {}
