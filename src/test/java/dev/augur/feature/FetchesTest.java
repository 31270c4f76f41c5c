package dev.augur.feature;

import static dev.augur.feature.Lookups.fetch;
import static dev.augur.feature.Lookups.fetchAll;
import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.LookupStatistics.Circuit;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is asked of the store, and when. */
@ExtendWith(VertxExtension.class)
class FetchesTest {
    private static final Map<String, Object> VALUES = Map.of("x", 1L);
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);
    private static final LookupSettings CONFIG = LookupSettings.standard()
            .withCache(LookupConfig.Cache.none())
            .withRetry(new LookupConfig.Retry(0, Duration.ofMillis(20), Duration.ofMillis(200)))
            .withBreaker(new LookupConfig.Breaker(4, 0.5, OPEN_FOR));

    private Vertx vertx;
    private final ManualTiming timing = new ManualTiming();
    private final HeldStore store = new HeldStore(3);

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void lookupsOfOneEntityShareAFetchWhoeverLeaves() throws Exception {
        var lookup = lookup(store, CONFIG);
        var leaver = fetch(lookup, 1L, Set.of("x")).timeout(1, TimeUnit.MILLISECONDS);
        var stayer = fetch(lookup, 1L, Set.of("x"));
        eventually(leaver::isComplete);

        assertThat(store.calls).hasSize(1);
        assertThat(lookup.statistics().now().joined()).isEqualTo(1);
        store.call().answer(VALUES);

        assertThat(await(stayer).values().get("x").value()).isEqualTo(1L);
        assertThat(leaver.failed()).isTrue();
        assertThat(lookup.statistics().coalesced()).isEqualTo(1);
        assertIdle(lookup);
    }

    @Test
    void gathersWhatArrivesWhileFetchesAreOnTheirWay() throws Exception {
        var lookup = lookup(store, CONFIG.withBulkhead(new LookupConfig.Bulkhead(2, 100)));
        List<Future<FeatureRow>> rows = new ArrayList<>();
        for (long key = 0; key < 10; key++) {
            rows.add(fetch(lookup, key, Set.of()));
        }
        assertThat(keys()).containsExactly(Set.of(0L), Set.of(1L));
        assertThat(lookup.statistics().now().gathering()).isEqualTo(8);

        store.calls.get(0).answer(VALUES);
        assertThat(keys()).hasSize(3).last().isEqualTo(Set.of(2L, 3L, 4L));
        for (int i = 1; i < store.calls.size(); i++) {
            store.calls.get(i).answer(VALUES);
        }
        await(Future.all(rows));
        assertThat(keys()).last().isEqualTo(Set.of(8L, 9L));
        assertThat(lookup.statistics().fetches()).isEqualTo(5);
        assertThat(lookup.statistics().fetchedKeys()).isEqualTo(10);
        assertIdle(lookup);
    }

    @Test
    void asksForManyEntitiesTogetherFromTheStart() {
        var lookup = lookup(store, CONFIG.withBulkhead(new LookupConfig.Bulkhead(2, 2)));
        var rows = fetchAll(lookup, LongStream.range(0, 10).boxed().toList(), Set.of());
        assertThat(store.calls).hasSize(2);
        assertThat(rows).hasSize(10);
    }

    @Test
    void failsAtOnceWhenTooManyWait() throws Exception {
        var lookup = lookup(store, CONFIG.withBulkhead(new LookupConfig.Bulkhead(1, 2)));
        var begun = fetch(lookup, 1L, Set.of());
        var joined = fetch(lookup, 1L, Set.of());
        var waiting = fetch(lookup, 2L, Set.of());
        assertThat(failure(fetch(lookup, 3L, Set.of()))).hasMessage("feature store \"wine\": too many lookups wait");
        failure(fetch(lookup, 1L, Set.of()));

        store.call().answer(VALUES);
        await(begun);
        await(joined);
        store.call().answer(VALUES);
        await(waiting);
        var statistics = lookup.statistics();
        assertThat(statistics.failures()).containsEntry(LookupFailure.BULKHEAD_FULL, 2L);
        assertThat(statistics.lookups())
                .isEqualTo(statistics.misses() + statistics.coalesced() + statistics.refused())
                .isEqualTo(5);
        assertIdle(lookup);
    }

    @Test
    void triesAgainWithinTheTimeOut() throws Exception {
        var lookup = lookup(
                store, CONFIG.withRetry(new LookupConfig.Retry(2, Duration.ofMillis(20), Duration.ofMillis(30))));
        var row = fetch(lookup, 1L, Set.of());
        store.call().fail("first");
        assertThat(store.calls).hasSize(1);
        timing.pass(Duration.ofMillis(20));
        assertThat(store.calls).hasSize(2);
        store.call().fail("second");
        timing.pass(Duration.ofMillis(30));
        assertThat(store.calls).hasSize(3);
        store.call().answer(VALUES);
        await(row);
        assertThat(lookup.statistics().retries()).isEqualTo(2);
        assertIdle(lookup);
    }

    @Test
    void neverRetriesPastTheTimeOut() throws Exception {
        var patient = CONFIG.withBreaker(new LookupConfig.Breaker(0, 1, OPEN_FOR))
                .withRetry(new LookupConfig.Retry(1_000, Duration.ofMillis(90), Duration.ofMillis(90)));
        var lookup = lookup(store, patient);
        var row = fetch(lookup, 1L, Set.of());
        for (int i = 0; i < 501 && !row.isComplete(); i++) {
            int calls = store.calls.size();
            store.calls.get(calls - 1).promise().tryFail("down");
            timing.pass(Duration.ofMillis(1));
        }
        failure(row);
        int calls = store.calls.size();
        timing.pass(Duration.ofSeconds(10));
        assertThat(store.calls).hasSize(calls).hasSizeGreaterThan(2);
        assertIdle(lookup);
    }

    @Test
    void opensTheCircuitAndClosesItAfterOneGoodTrial() throws Exception {
        var lookup = lookup(store, CONFIG);
        for (long key = 0; key < 4; key++) {
            var row = fetch(lookup, key, Set.of());
            if (key < 2) {
                store.call().answer(VALUES);
                await(row);
            } else {
                store.call().fail("down");
                failure(row);
            }
        }
        assertThat(circuit(lookup)).isEqualTo(Circuit.OPEN);
        assertThat(lookup.notReady()).isPresent();
        assertThat(failure(fetch(lookup, 5L, Set.of()))).hasMessageContaining("is not asked now");
        assertThat(store.calls).hasSize(4);

        timing.pass(OPEN_FOR);
        assertThat(lookup.notReady()).isEmpty();
        var trial = fetch(lookup, 6L, Set.of());
        failure(fetch(lookup, 7L, Set.of()));
        assertThat(circuit(lookup)).isEqualTo(Circuit.HALF_OPEN);
        store.call().fail("still down");
        failure(trial);
        assertThat(circuit(lookup)).isEqualTo(Circuit.OPEN);

        timing.pass(OPEN_FOR);
        var good = fetch(lookup, 8L, Set.of());
        store.call().answer(VALUES);
        await(good);
        assertThat(circuit(lookup)).isEqualTo(Circuit.CLOSED);
        assertThat(store.calls).hasSize(6);
        assertThat(lookup.statistics().failures()).containsEntry(LookupFailure.CIRCUIT_OPEN, 2L);
        assertIdle(lookup);
    }

    @Test
    void aTrialThatIsNeverAnsweredIsAFailure() throws Exception {
        var lookup = lookup(store, CONFIG);
        for (long key = 0; key < 4; key++) {
            failure(timedOut(fetch(lookup, key, Set.of())));
        }
        timing.pass(OPEN_FOR);
        failure(timedOut(fetch(lookup, 5L, Set.of())));
        assertThat(circuit(lookup)).isEqualTo(Circuit.OPEN);
        store.calls.forEach(call -> call.answer(VALUES)); // too late to mean anything
        assertThat(circuit(lookup)).isEqualTo(Circuit.OPEN);
        assertThat(lookup.statistics().failures()).containsEntry(LookupFailure.TIMEOUT, 5L);
        assertIdle(lookup);
    }

    @Test
    void probesUntilTheStoreAnswers() throws Exception {
        var lookup = lookup(store, CONFIG.withProbeKey("probe"));
        assertThat(keys()).containsExactly(Set.of("probe"));
        assertThat(lookup.notReady()).hasValue("feature store \"wine\" does not answer");
        store.call().fail("down at start");
        timing.pass(OPEN_FOR);
        store.call().knowsNone();
        assertThat(lookup.notReady()).isEmpty();
        timing.pass(OPEN_FOR.multipliedBy(3));
        assertThat(store.calls).hasSize(2);

        for (long key = 0; key < 2; key++) {
            failure(timedOut(fetch(lookup, key, Set.of())));
        }
        assertThat(lookup.notReady()).isPresent();
        timing.pass(OPEN_FOR);
        assertThat(store.call().keys()).containsExactly("probe");
        store.call().knowsNone();
        assertThat(lookup.notReady()).isEmpty();
        timing.pass(OPEN_FOR.multipliedBy(3));
        assertThat(timing.timers()).isZero();
    }

    @Test
    void aPlaceOfAFetchThatHangsIsFreeAfterTheTimeOut() throws Exception {
        var lookup = lookup(store, CONFIG.withBulkhead(new LookupConfig.Bulkhead(1, 10)));
        var hanging = fetch(lookup, 1L, Set.of());
        timing.pass(Duration.ofMillis(400));
        var later = fetch(lookup, 2L, Set.of());
        timing.pass(Duration.ofMillis(100));
        failure(hanging);
        assertThat(keys()).containsExactly(Set.of(1L), Set.of(2L));
        store.call().answer(VALUES);
        await(later);
        store.calls.get(0).answer(VALUES);
        assertIdle(lookup);
    }

    @Test
    void whatWaitsWhenItClosesFails() throws Exception {
        var lookup = lookup(store, CONFIG.withBulkhead(new LookupConfig.Bulkhead(1, 10)));
        var rows = List.of(fetch(lookup, 1L, Set.of()), fetch(lookup, 2L, Set.of()));
        await(lookup.close());
        var refused = fetch(lookup, 3L, Set.of());
        for (var row : List.of(rows.get(0), rows.get(1), refused)) {
            eventually(row::isComplete);
            assertThat(((ServingException) row.cause()).code()).isEqualTo(ErrorCode.NOT_READY);
        }
        assertThat(store.closed()).isTrue();
        assertThat(store.calls).hasSize(1);
        assertIdle(lookup);
    }

    @Test
    void tenThousandFetchesAreOnTheirWayFromOneEventLoop() throws Exception {
        var single = new HeldStore(1);
        var lookup = lookup(single, CONFIG.withBulkhead(new LookupConfig.Bulkhead(10_000, 0)));
        var context = vertx.getOrCreateContext();
        List<Future<FeatureRow>> rows = new ArrayList<>();
        List<Context> answeredOn = new CopyOnWriteArrayList<>();
        context.runOnContext(v -> {
            for (long key = 0; key < 10_000; key++) {
                rows.add(fetch(lookup, key, Set.of()).onComplete(row -> answeredOn.add(Vertx.currentContext())));
            }
        });
        eventually(() -> single.calls.size() == 10_000);
        assertThat(lookup.statistics().now().inFlight()).isEqualTo(10_000);
        assertThat(timing.timers()).isEqualTo(1);

        single.calls.forEach(call -> call.answer(VALUES));
        await(Future.all(List.copyOf(rows)));
        eventually(() -> answeredOn.size() == 10_000);
        assertThat(answeredOn).containsOnly(context);
        assertIdle(lookup);
        timing.pass(CONFIG.config().timeout());
        assertThat(timing.timers()).isZero();
    }

    private FeatureLookup lookup(FeatureStore behind, LookupSettings settings) {
        return new FeatureLookup(new FeatureLookup.TimeSource(vertx, timing), "wine", behind, settings.config());
    }

    private <T> Future<T> timedOut(Future<T> row) {
        timing.pass(CONFIG.config().timeout());
        return row;
    }

    private List<Set<Object>> keys() {
        return store.calls.stream().map(HeldStore.Call::keys).toList();
    }

    private static Circuit circuit(FeatureLookup lookup) {
        return lookup.statistics().now().circuit();
    }

    private static void assertIdle(FeatureLookup lookup) {
        var now = lookup.statistics().now();
        assertThat(now).isEqualTo(new LookupStatistics.Now(0, 0, 0, 0, now.circuit()));
    }

    private static ServingException failure(Future<FeatureRow> row) throws Exception {
        eventually(row::isComplete);
        var failure = (ServingException) row.cause();
        assertThat(failure.code()).isEqualTo(ErrorCode.FEATURES_UNAVAILABLE);
        return failure;
    }
}
