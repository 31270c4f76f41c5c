package dev.augur.client;

import dev.augur.predictionlog.line.RecordField;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A handler for the subscriptions to several writers, which may have the same record: hands each one on once, by its
 * {@code record_id}, and a record that is being dealt with waits. It recognises the newest 50,000, as a log does, in
 * about 10 MB; a program that starts anew knows none of them. Thread-safe; the handler is called by whichever
 * subscription has the record first, on its event loop.
 */
public final class EachRecordOnce implements Function<JsonObject, Future<?>> {
    static final int WINDOW = 50_000;
    private static final Future<Void> DONE = Future.succeededFuture();

    private final Function<JsonObject, Future<?>> handler;
    private final Map<String, Future<Void>> seen = new LinkedHashMap<>() { // guarded by itself
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Future<Void>> eldest) {
                    return size() > WINDOW;
                }
            };

    /** To be given to {@link AugurClient#subscribe} for each of the writers. */
    public EachRecordOnce(Function<JsonObject, Future<?>> handler) {
        this.handler = handler;
    }

    /** Done when the record is dealt with, by this call or the one before; fails as the handler did. */
    @Override
    public Future<?> apply(JsonObject record) {
        String id = record.getString(RecordField.RECORD_ID);
        Promise<Void> over = Promise.promise(); // another subscription may wait for it
        Future<Void> before;
        synchronized (seen) {
            before = seen.putIfAbsent(id, over.future());
        }
        if (before != null) {
            return before.isComplete()
                    ? before
                    : before.recover(failed -> apply(record).mapEmpty());
        }
        return Future.<Void>succeededFuture()
                .compose(now -> handler.apply(record))
                .<Void>mapEmpty()
                .onSuccess(done -> note(id, DONE))
                .onFailure(failure -> note(id, null))
                .onComplete(over);
    }

    private void note(String id, @Nullable Future<Void> outcome) {
        synchronized (seen) {
            seen.computeIfPresent(id, (same, pending) -> outcome);
        }
    }
}
