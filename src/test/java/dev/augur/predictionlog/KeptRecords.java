package dev.augur.predictionlog;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A prediction log without a ledger: keeps each record as it would stand there. Thread-safe. */
public final class KeptRecords implements PredictionLog {
    private final RecordJson json = new RecordJson();
    private final List<JsonObject> lines = new CopyOnWriteArrayList<>();

    /** Those that were handed over, in that order. */
    public List<JsonObject> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void append(PredictionRecord record) {
        keep(record);
    }

    @Override
    public void append(Future<? extends LogRecord> record) {
        record.onSuccess(this::keep);
    }

    @Override
    public Future<Void> store(Future<? extends LogRecord> record, Duration patience) {
        return record.onSuccess(this::keep).mapEmpty();
    }

    @Override
    public LogRecord written(PredictionRecord record) {
        return record;
    }

    private void keep(LogRecord record) {
        try {
            lines.add(new JsonObject(new String(json.encode(record), StandardCharsets.UTF_8)));
        } catch (UnwritableRecordException e) {
            throw new AssertionError(e);
        }
    }
}
