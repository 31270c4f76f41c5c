package dev.augur.predictionlog.sink;

import dev.augur.predictionlog.ledger.LedgerLine;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what it is given, unless it is told to fail. Thread-safe. */
final class RecordingSink implements Sink<List<String>> {
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public List<String> prepare(List<LedgerLine> lines) {
        return new ArrayList<>(lines.stream()
                .map(line -> new JsonObject(line.toString()).getString("record_id"))
                .toList());
    }

    @Override
    public Future<Void> write(List<String> batch) {
        asked.incrementAndGet();
        if (failing.get()) {
            throw new IllegalStateException("told to fail");
        }
        taken.addAll(batch);
        sizes.add(batch.size());
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    void fails(boolean fail) {
        failing.set(fail);
    }

    int asked() {
        return asked.get();
    }

    List<String> taken() {
        return taken;
    }

    List<Integer> sizes() {
        return sizes;
    }
}
