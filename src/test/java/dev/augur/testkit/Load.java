package dev.augur.testkit;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureStore;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Callers that ask a feature store for one entity again and again, each on a context of its own, until they are told to
 * stop.
 */
public final class Load {
    private final Vertx vertx;
    private final FeatureStore store;
    private final Object key;
    private final AtomicBoolean wanted = new AtomicBoolean(true);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicInteger pending = new AtomicInteger();
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();

    private Load(Vertx vertx, FeatureStore store, Object key) {
        this.vertx = vertx;
        this.store = store;
        this.key = key;
    }

    /** Starts that many callers. */
    public static Load start(Vertx vertx, FeatureStore store, Object key, int callers) {
        var load = new Load(vertx, store, key);
        for (int i = 0; i < callers; i++) {
            Context caller = vertx.getOrCreateContext();
            load.pending.incrementAndGet();
            caller.runOnContext(ignored -> load.ask(caller));
        }
        return load;
    }

    public long answered() {
        return answered.get();
    }

    /** How many got {@code FEATURES_UNAVAILABLE}. */
    public long failed() {
        return failed.get();
    }

    /** What else was thrown; must be empty. */
    public List<Throwable> bugs() {
        return new ArrayList<>(bugs);
    }

    /** Waits until more were answered than now. */
    public void goesOn() throws Exception {
        long now = answered();
        TestServer.eventually(() -> answered() > now + 10);
    }

    /** Waits until more failed than now. */
    public void fails() throws Exception {
        long now = failed();
        TestServer.eventually(() -> failed() > now + 10);
    }

    /** Ends it and waits for every caller's last answer. */
    public void stop() throws Exception {
        wanted.set(false);
        TestServer.eventually(() -> pending.get() == 0);
    }

    private void ask(Context caller) {
        if (!wanted.get()) {
            pending.decrementAndGet();
            return;
        }
        store.fetch(Set.of(key)).onComplete(result -> {
            if (result.succeeded() && result.result().containsKey(key)) {
                answered.incrementAndGet();
                caller.runOnContext(ignored -> ask(caller));
            } else {
                note(result.cause());
                vertx.setTimer(1, ignored -> ask(caller));
            }
        });
    }

    private void note(Throwable failure) {
        if (failure instanceof ServingException known && known.code() == ErrorCode.FEATURES_UNAVAILABLE) {
            failed.incrementAndGet();
        } else {
            bugs.add(failure == null ? new AssertionError("no entity in the answer") : failure);
        }
    }
}
