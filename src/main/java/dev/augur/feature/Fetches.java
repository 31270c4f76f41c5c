package dev.augur.feature;

import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the store. Lookups of one entity share one flight; flights that begin while as many calls are on their way as
 * may be gather, and the next call takes as many of them as the store allows. Nothing waits for a call to fill.
 * Thread-safe.
 */
final class Fetches {
    /*
     * One lock guards everything below, flights and multigets included; it is held for a few steps and never while the
     * store or a waiter is called. Steps taken under the lock note what is to be done after it in a Turn.
     *
     * All flights have the same time-out, so the order in which they were made is that of their deadlines: `flights` is
     * the coalescing map and the queue of deadlines at once, with one timer for its eldest. `gathering` holds those
     * without a multiget in the same order.
     *
     * A call that outlives all its flights gives its place back, though the store may still be at work: a store that
     * never answers must not keep the place for ever. What it answers later still goes into the cache.
     */
    private final StoreCalls calls;
    private final LookupConfig config;
    private final Timing timing;
    private final LookupCounters counters;
    private final CircuitBreaker breaker;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Object, Flight> flights = new LinkedHashMap<>();
    private final ArrayDeque<Flight> gathering = new ArrayDeque<>();
    private int inFlight;
    private int joined;
    private boolean armed;
    private boolean answered;
    private boolean closed;

    /** One lookup that the cache could not answer; a refresh has nobody who waits. */
    record Ask(Object key, @Nullable Consumer<FetchOutcome> waiter) {}

    /** What is to be done once the lock is free. */
    private static final class Turn {
        private final List<Runnable> actions = new ArrayList<>();
        private final List<Multiget> launches = new ArrayList<>();
    }

    Fetches(StoreCalls calls, LookupConfig config, Timing timing, LookupCounters counters) {
        this.calls = calls;
        this.config = config;
        this.timing = timing;
        this.counters = counters;
        this.breaker = new CircuitBreaker(config.breaker());
    }

    /** Answers each waiter once, later or before this returns, on any thread. */
    void ask(Collection<Ask> asks) {
        perform(turn(turn -> asks.forEach(ask -> admit(ask, turn))));
    }

    /** Answers everybody who waits; nothing is fetched any more. */
    void close() {
        perform(turn(turn -> {
            closed = true;
            List.copyOf(flights.values()).forEach(flight -> finish(flight, calls.closed(), turn));
            gathering.clear();
        }));
    }

    /** Whether the store has ever answered, and has not failed too often since. */
    boolean healthy() {
        return read(() -> answered && breaker.circuit() == LookupStatistics.Circuit.CLOSED);
    }

    /** Whether the store is not asked at all. */
    boolean refusing() {
        return read(() -> breaker.circuit() == LookupStatistics.Circuit.OPEN && breaker.refuses(timing.nanos()));
    }

    boolean closed() {
        return read(() -> closed);
    }

    LookupStatistics.Now now(long cached) {
        return read(() -> new LookupStatistics.Now(inFlight, gathering.size(), joined, cached, breaker.circuit()));
    }

    private <T> T read(Supplier<T> state) {
        lock.lock();
        try {
            return state.get();
        } finally {
            lock.unlock();
        }
    }

    private Turn turn(Consumer<Turn> steps) {
        var turn = new Turn();
        lock.lock();
        try {
            steps.accept(turn);
            launch(turn);
            arm(turn);
        } finally {
            lock.unlock();
        }
        return turn;
    }

    /** A store that answers at once makes new turns, which come after this one: no call is nested in another. */
    private void perform(Turn first) {
        var turns = new ArrayDeque<Turn>();
        for (var turn = first; turn != null; turn = turns.poll()) {
            turn.actions.forEach(Runnable::run);
            for (var multiget : turn.launches) {
                var answer = calls.fetch(multiget.keys());
                if (answer.isComplete()) {
                    turns.add(settle(multiget, answer));
                } else {
                    answer.onComplete(result -> perform(settle(multiget, result)));
                }
            }
        }
    }

    private void admit(Ask ask, Turn turn) {
        var flight = flights.get(ask.key());
        if (flight != null) {
            join(flight, ask.waiter(), turn);
        } else if (closed) {
            refuse(ask.waiter(), calls.closed(), turn);
        } else if (breaker.refuses(timing.nanos())) {
            refuse(ask.waiter(), calls.failed(LookupFailure.CIRCUIT_OPEN), turn);
        } else if (full(turn)) {
            refuse(ask.waiter(), calls.failed(LookupFailure.BULKHEAD_FULL), turn);
        } else {
            var begun = new Flight(ask.key(), timing.nanos() + config.timeout().toNanos(), ask.waiter());
            flights.put(ask.key(), begun);
            gathering.add(begun);
            (ask.waiter() == null ? counters.refreshes : counters.misses).increment();
        }
    }

    private void join(Flight flight, @Nullable Consumer<FetchOutcome> waiter, Turn turn) {
        if (waiter == null) {
            return;
        }
        if (queued() >= config.bulkhead().queue()) {
            refuse(waiter, calls.failed(LookupFailure.BULKHEAD_FULL), turn);
            return;
        }
        flight.join(waiter);
        joined++;
        counters.coalesced.increment();
    }

    /** Whether one more flight can neither begin nor wait. What gathered may have room to begin. */
    private boolean full(Turn turn) {
        if (queued() >= config.bulkhead().queue()) {
            launch(turn);
        }
        return inFlight == config.bulkhead().inFlight()
                && queued() >= config.bulkhead().queue();
    }

    private int queued() {
        return gathering.size() + joined;
    }

    private void refuse(@Nullable Consumer<FetchOutcome> waiter, FetchOutcome.Failed failure, Turn turn) {
        if (waiter != null) {
            counters.failed(failure.kind(), 1);
            counters.refused.increment();
            turn.actions.add(() -> waiter.accept(failure));
        }
    }

    /** Takes what gathered into calls, as many as may be on their way. */
    private void launch(Turn turn) {
        while (!gathering.isEmpty() && inFlight < config.bulkhead().inFlight()) {
            long permit = breaker.enter(timing.nanos());
            if (permit == CircuitBreaker.REFUSED) {
                List.copyOf(gathering)
                        .forEach(flight -> finish(flight, calls.failed(LookupFailure.CIRCUIT_OPEN), turn));
                gathering.clear();
                return;
            }
            List<Flight> taken = new ArrayList<>();
            while (!gathering.isEmpty() && taken.size() < calls.maxKeys()) {
                taken.add(gathering.remove());
            }
            inFlight++;
            begin(new Multiget(taken), permit, turn);
        }
    }

    private void begin(Multiget multiget, long permit, Turn turn) {
        multiget.begin(permit, timing.nanos());
        counters.fetches.increment();
        counters.fetchedKeys.add(multiget.keys().size());
        turn.launches.add(multiget);
    }

    private Turn settle(Multiget multiget, AsyncResult<Map<Object, FeatureVector>> result) {
        var judged = calls.judge(multiget.keys(), result, multiget.askedAt());
        return turn(turn -> {
            if (multiget.over) {
                return;
            }
            if (judged.storeWorks()) {
                answered = true;
                if (breaker.succeeded(multiget.permit())) {
                    turn.actions.add(calls::circuitClosed);
                }
            } else {
                countFailure(multiget, turn);
            }
            if (judged.retry() == null || !pause(multiget, judged.retry(), turn)) {
                multiget.open().forEach(flight -> finish(flight, judged.about(flight.key), turn));
                end(multiget);
            }
        });
    }

    /** Waits for the next try, for those flights whose deadline comes later; false if there is none. */
    private boolean pause(Multiget multiget, FetchOutcome.Failed failure, Turn turn) {
        if (multiget.tries() > config.retry().retries() || breaker.refuses(timing.nanos())) {
            return false;
        }
        var delay = config.retry().pauses().anyAfter(multiget.tries(), ThreadLocalRandom.current());
        long at = timing.nanos() + delay.toNanos();
        for (var flight : multiget.open()) {
            if (flight.deadline - at <= 0) {
                finish(flight, failure, turn);
            }
        }
        if (multiget.isEmpty()) {
            return false;
        }
        multiget.pause();
        turn.actions.add(() -> timing.after(delay, () -> retry(multiget, failure)));
        return true;
    }

    private void retry(Multiget multiget, FetchOutcome.Failed failure) {
        perform(turn(turn -> {
            if (multiget.over) {
                return;
            }
            long permit = breaker.enter(timing.nanos());
            if (permit == CircuitBreaker.REFUSED) {
                multiget.open().forEach(flight -> finish(flight, failure, turn));
                end(multiget);
            } else {
                counters.retries.increment();
                begin(multiget, permit, turn);
            }
        }));
    }

    private void countFailure(Multiget multiget, Turn turn) {
        if (breaker.failed(multiget.permit(), timing.nanos())) {
            turn.actions.add(calls::circuitOpened);
        }
    }

    private void finish(Flight flight, FetchOutcome answer, Turn turn) {
        if (flight.over) {
            return;
        }
        flights.remove(flight.key);
        joined -= flight.joined;
        var waiters = flight.end();
        if (answer instanceof FetchOutcome.Failed failed) {
            counters.failed(failed.kind(), Math.max(1, waiters.size()));
        }
        turn.actions.add(() -> waiters.forEach(waiter -> waiter.accept(answer)));
        var multiget = flight.multiget;
        if (multiget != null && closed) {
            end(multiget);
        }
    }

    private void end(Multiget multiget) {
        if (!multiget.over) {
            multiget.over = true;
            inFlight--;
        }
    }

    /** One timer, for the eldest flight. */
    private void arm(Turn turn) {
        if (!armed && !flights.isEmpty()) {
            armed = true;
            long left = flights.values().iterator().next().deadline - timing.nanos();
            turn.actions.add(() -> timing.after(Duration.ofNanos(Math.max(0, left)), this::expire));
        }
    }

    private void expire() {
        perform(turn(turn -> {
            armed = false;
            long now = timing.nanos();
            while (!flights.isEmpty()) {
                var eldest = flights.values().iterator().next();
                if (eldest.deadline - now > 0) {
                    break;
                }
                expire(eldest, turn);
            }
        }));
    }

    private void expire(Flight flight, Turn turn) {
        finish(flight, calls.failed(LookupFailure.TIMEOUT), turn);
        var multiget = flight.multiget;
        if (multiget == null) {
            gathering.remove(flight); // the eldest, so the first
        } else if (!multiget.over && multiget.isEmpty()) {
            if (multiget.trying()) {
                countFailure(multiget, turn);
            }
            end(multiget);
        }
    }
}
