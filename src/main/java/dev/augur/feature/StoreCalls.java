package dev.augur.feature;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.error.Shown;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls one store, judges what it says, keeps it in the cache, and has the words for what went wrong. Thread-safe. */
final class StoreCalls {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureLookup.class);
    private static final long NANOS_BETWEEN_LINES = Duration.ofSeconds(10).toNanos();

    private final String name;
    private final FeatureStore store;
    private final FeatureCache cache;
    private final Timing timing;
    private final AnswerCheck check;
    private final Map<LookupFailure, FetchOutcome.Failed> failures;
    private final AtomicLong quietUntil;
    private volatile Runnable whenOpened = () -> {};

    /**
     * What a call of the store came to.
     *
     * @param storeWorks false if the store failed or answered nothing that makes sense
     * @param retry why the call failed, if another may not
     * @param failure the answer about every entity, if the call failed
     */
    record Judged(
            boolean storeWorks,
            FetchOutcome.@Nullable Failed retry,
            FetchOutcome.@Nullable Failed failure,
            Map<Object, FetchOutcome> answers) {
        FetchOutcome about(Object key) {
            return failure != null ? failure : answers.getOrDefault(key, new FetchOutcome.Unknown());
        }
    }

    StoreCalls(String name, FeatureStore store, LookupConfig config, Timing timing) {
        this.name = name;
        this.store = store;
        this.cache = new FeatureCache(config, timing);
        this.timing = timing;
        this.check = new AnswerCheck(name);
        this.quietUntil = new AtomicLong(timing.nanos());
        this.failures = Map.of(
                LookupFailure.TIMEOUT,
                unavailable(
                        LookupFailure.TIMEOUT,
                        " did not answer within " + config.timeout().toMillis() + " ms"),
                LookupFailure.CIRCUIT_OPEN,
                unavailable(LookupFailure.CIRCUIT_OPEN, " is not asked now: too many fetches failed"),
                LookupFailure.BULKHEAD_FULL,
                unavailable(LookupFailure.BULKHEAD_FULL, ": too many lookups wait"),
                LookupFailure.GARBAGE,
                unavailable(LookupFailure.GARBAGE, " answered with something else than features"),
                LookupFailure.STORE,
                unavailable(LookupFailure.STORE, " failed"));
    }

    FeatureCache cache() {
        return cache;
    }

    int maxKeys() {
        return Math.max(1, store.maxKeys());
    }

    /** What is to be done when the circuit opens. */
    void whenOpened(Runnable task) {
        whenOpened = task;
    }

    /** Never throws. */
    Future<Map<Object, FeatureVector>> fetch(Set<Object> keys) {
        try {
            Future<Map<Object, FeatureVector>> answer = store.fetch(keys);
            return answer == null ? Future.failedFuture(new IllegalStateException("no future")) : answer;
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Keeps what can be used, also when it comes too late for those who asked. */
    Judged judge(Set<Object> keys, AsyncResult<Map<Object, FeatureVector>> result, long askedAt) {
        if (result.failed()) {
            return failed(result.cause());
        }
        try {
            Map<Object, FetchOutcome> answers = new HashMap<>();
            for (Object key : keys) {
                var answer = check.about(key, result.result());
                cache.put(key, answer, askedAt);
                answers.put(key, answer);
            }
            return new Judged(true, null, null, answers);
        } catch (RuntimeException e) { // not even a map that can be read
            complain(e);
            return new Judged(false, null, failed(LookupFailure.GARBAGE), Map.of());
        }
    }

    /** The failure of that kind, in words that may be shown. */
    FetchOutcome.Failed failed(LookupFailure kind) {
        return failures.getOrDefault(kind, unavailable(kind, " failed"));
    }

    FetchOutcome.Failed closed() {
        return new FetchOutcome.Failed(LookupFailure.STORE, new ServingException(ErrorCode.NOT_READY, "shutting down"));
    }

    void circuitOpened() {
        LOG.warn("feature store {}: too many fetches failed, it is not asked for a while", name);
        whenOpened.run();
    }

    void circuitClosed() {
        LOG.info("feature store {}: answers again", name);
    }

    /**
     * A request that the store says can never be right is no failure of the store. Who has words for a failure has
     * logged its cause.
     */
    private Judged failed(@Nullable Throwable cause) {
        if (cause instanceof ServingException serving) {
            if (serving.code() == ErrorCode.INVALID_ARGUMENT) {
                return new Judged(true, null, new FetchOutcome.Failed(LookupFailure.STORE, serving), Map.of());
            }
            var failure = unavailable(LookupFailure.STORE, ": " + said(serving));
            return new Judged(false, failure, failure, Map.of());
        }
        complain(cause);
        var failure = failed(LookupFailure.STORE);
        return new Judged(false, failure, failure, Map.of());
    }

    /** What a store said, without its name in front. */
    private String said(ServingException failure) {
        String message = Shown.line(String.valueOf(failure.getMessage()));
        String prefix = "feature store \"" + name + "\": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }

    /** Logs one failure every ten seconds; the counters have them all. */
    private void complain(@Nullable Throwable failure) {
        long now = timing.nanos();
        long quiet = quietUntil.get();
        if (now - quiet >= 0 && quietUntil.compareAndSet(quiet, now + NANOS_BETWEEN_LINES)) {
            LOG.warn("feature store {}: a fetch failed: {}", name, Shown.line(String.valueOf(failure)));
        }
    }

    private FetchOutcome.Failed unavailable(LookupFailure kind, String what) {
        return FetchOutcome.Failed.because(kind, "feature store \"" + name + "\"" + what);
    }
}
