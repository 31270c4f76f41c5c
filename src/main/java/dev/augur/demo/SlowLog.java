package dev.augur.demo;

import dev.augur.predictionlog.LogRecord;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.predictionlog.PredictionRecord;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prediction log with the time that the tutorial's write takes. The log knows of a record from the moment it is
 * offered, so it waits for it when the node stops. Thread-safe.
 */
final class SlowLog implements PredictionLog {
    private static final Logger LOG = LoggerFactory.getLogger(SlowLog.class);
    private static final Duration TOLD_WITHIN = Duration.ofMinutes(1);

    private final PredictionLog log;
    private final Vertx vertx;
    private final Context context; // that of the request may end before its record is written
    private final Duration delay;

    /**
     * Made by the verticle that serves the tutorial.
     *
     * @param delay simulated time of one write; zero is allowed
     */
    SlowLog(PredictionLog log, Vertx vertx, Duration delay) {
        this.log = log;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.delay = delay;
    }

    @Override
    public void append(PredictionRecord record) {
        append(Future.succeededFuture(record));
    }

    @Override
    public void append(Future<? extends LogRecord> record) {
        var stored = store(record, TOLD_WITHIN);
        stored.onSuccess(acknowledged -> record.onSuccess(made -> say("logged prediction for item {}", made)));
    }

    @Override
    public Future<Void> store(Future<? extends LogRecord> record, Duration patience) {
        Promise<LogRecord> written = Promise.promise(); // a timer of another context completes it
        record.onSuccess(made -> say("logging prediction for item {}", made));
        record.onComplete(made -> write(made, written));
        return log.store(written.future(), patience.plus(delay));
    }

    @Override
    public LogRecord written(PredictionRecord record) {
        return log.written(record);
    }

    private static void say(String what, LogRecord made) {
        if (made instanceof PredictionRecord prediction) {
            LOG.info(what, prediction.itemId());
        }
    }

    private void write(AsyncResult<? extends LogRecord> made, Promise<LogRecord> written) {
        if (made.failed()) {
            written.fail(made.cause());
        } else if (delay.isZero()) {
            written.complete(made.result());
        } else {
            context.runOnContext(v -> vertx.setTimer(delay.toMillis(), later -> written.complete(made.result())));
        }
    }
}
