package dev.augur.feature;

import static dev.augur.feature.Lookups.fetch;
import static dev.augur.feature.Lookups.fetchAll;
import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several event loops at once, and stores that answer before they return. */
class FetchesLoadTest {
    private static final Set<ErrorCode> EXPECTED = Set.of(ErrorCode.FEATURES_UNAVAILABLE, ErrorCode.NOT_FOUND);

    private static final int LOOPS = 4;
    private static final int LOOKUPS = 2_000;
    private static final LookupSettings CONFIG = LookupSettings.standard()
            .withTimeout(Duration.ofSeconds(10))
            .withRetry(new LookupConfig.Retry(2, Duration.ofMillis(1), Duration.ofMillis(4)))
            .withBulkhead(new LookupConfig.Bulkhead(3, 50_000));

    /** Of its own, since the one that a test is given has as many event loops as there are cores. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(LOOPS + 1));

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void answersEveryLookupOnceWhateverTheStoreDoes() throws Exception {
        var lookup = new FeatureLookup(
                vertx,
                "moody",
                new MoodyStore(vertx),
                CONFIG.withBreaker(new LookupConfig.Breaker(10, 0.6, Duration.ofMillis(1)))
                        .withCache(new LookupConfig.Cache(
                                Duration.ofMillis(2), Duration.ofMillis(1), Duration.ZERO, 10_000))
                        .config());
        List<Future<?>> done = new CopyOnWriteArrayList<>();
        for (int loop = 0; loop < LOOPS; loop++) {
            Promise<Void> finished = Promise.promise();
            done.add(finished.future());
            var random = new Random(loop);
            // each from a thread of its own, so that Vert.x gives each another event loop
            var starter = new Thread(() ->
                    vertx.getOrCreateContext().runOnContext(v -> goOn(lookup, random, new AtomicInteger(), finished)));
            starter.start();
            starter.join();
        }
        await(Future.all(List.copyOf(done)));

        var statistics = lookup.statistics();
        assertThat(statistics.lookups()).isEqualTo(LOOPS * LOOKUPS);
        assertThat(statistics.hits() + statistics.misses() + statistics.coalesced() + statistics.refused())
                .isEqualTo(LOOPS * LOOKUPS);
        assertThat(statistics.failures().get(LookupFailure.STORE)).isPositive();
        assertThat(statistics.failures().get(LookupFailure.TIMEOUT)).isZero();
        eventually(() -> lookup.statistics().now().inFlight() == 0);
        assertThat(lookup.statistics().now().gathering()).isZero();
        assertThat(lookup.statistics().now().joined()).isZero();
    }

    @Test
    void aStoreThatAnswersAtOnceNestsNoCalls() throws Exception {
        var lookup = new FeatureLookup(
                vertx,
                "instant",
                new TimerFeatureStore(vertx, Duration.ZERO, Map.of("x", 1L)),
                CONFIG.withBulkhead(new LookupConfig.Bulkhead(1, 100_000)).config());
        var rows = fetchAll(lookup, LongStream.range(0, 20_000).boxed().toList(), Set.of());
        await(Future.all(rows));
        assertThat(lookup.statistics().fetches()).isEqualTo(20_000);
    }

    @Test
    void timesOutByTheRealClock() throws Exception {
        var hanging = new HeldStore(1);
        var lookup = new FeatureLookup(
                vertx,
                "hanging",
                hanging,
                CONFIG.withTimeout(Duration.ofMillis(20)).config());
        var row = fetch(lookup, 1L, Set.of());
        eventually(row::isComplete);
        assertThat(row.cause()).hasMessage("feature store \"hanging\" did not answer within 20 ms");
        assertThat(lookup.statistics().now().inFlight()).isZero();
    }

    /** Ten lookups at a time, from one event loop. */
    private static void goOn(FeatureLookup lookup, Random random, AtomicInteger ended, Promise<Void> finished) {
        List<Future<FeatureRow>> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            rows.add(fetch(lookup, (long) random.nextInt(100), Set.of()));
        }
        Future.join(rows).onComplete(all -> {
            for (var row : rows) {
                if (row.failed() && !EXPECTED.contains(((ServingException) row.cause()).code())) {
                    finished.tryFail(row.cause());
                }
            }
            if (ended.addAndGet(10) < LOOKUPS) {
                goOn(lookup, random, ended, finished);
            } else {
                finished.tryComplete();
            }
        });
    }

    /** Answers at once, or later on another event loop; knows some entities; fails now and then. Thread-safe. */
    private static final class MoodyStore implements FeatureStore {
        private final Vertx vertx;
        private final AtomicInteger calls = new AtomicInteger();

        private MoodyStore(Vertx vertx) {
            this.vertx = vertx;
        }

        @Override
        public Future<Map<Object, FeatureVector>> fetch(Set<Object> keys) {
            int call = calls.incrementAndGet();
            var answer = call % 7 == 0
                    ? Future.<Map<Object, FeatureVector>>failedFuture("moody")
                    : Future.succeededFuture(known(keys));
            return call % 3 == 0 ? answer : vertx.timer(1).compose(elapsed -> answer);
        }

        private static Map<Object, FeatureVector> known(Set<Object> keys) {
            return keys.stream()
                    .filter(key -> (Long) key % 5 != 0)
                    .collect(Collectors.toMap(
                            key -> key, key -> new FeatureVector(key, Map.of("x", 1L), Instant.now())));
        }

        @Override
        public int maxKeys() {
            return 8;
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
