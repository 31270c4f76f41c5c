package dev.augur.predictionlog;

import io.vertx.core.buffer.Buffer;

/**
 * A record of another node, as that node wrote it. Thread-safe as long as nobody writes to the buffer.
 *
 * @param json UTF-8 JSON without a line break; empty if the record cannot be written
 */
record EncodedRecord(String recordId, Buffer json) implements LogRecord {}
