package dev.augur.feature;

import static dev.augur.feature.Lookups.fetch;
import static dev.augur.feature.Lookups.fetchAll;
import static dev.augur.feature.Lookups.missing;
import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureValue.Status;
import dev.augur.feature.LookupConfig.Policy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cache and the policies. */
@ExtendWith(VertxExtension.class)
class FeatureLookupTest {
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration NEGATIVE_TTL = Duration.ofSeconds(3);
    private static final Duration STALE_FOR = Duration.ofSeconds(60);
    private static final LookupSettings CONFIG = LookupSettings.standard()
            .withRetry(new LookupConfig.Retry(0, Duration.ZERO, Duration.ZERO))
            .withCache(new LookupConfig.Cache(TTL, NEGATIVE_TTL, STALE_FOR, 1 << 20));
    private static final Map<String, Object> VALUES = Map.of("x", 1.5, "y", 2L);

    private Vertx vertx;
    private final ManualTiming timing = new ManualTiming();
    private final HeldStore store = new HeldStore(100);

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void answersFromTheCacheWithinTheTimeToLive() throws Exception {
        var lookup = lookup(CONFIG);
        var first = fetch(lookup, 1L, Set.of());
        store.call().answer(VALUES);
        assertThat(await(first).values())
                .isEqualTo(Map.of(
                        "x", new FeatureValue(1.5, Status.FRESH, Duration.ZERO),
                        "y", new FeatureValue(2L, Status.FRESH, Duration.ZERO)));

        timing.pass(Duration.ofSeconds(9));
        assertThat(value(fetch(lookup, 1L, Set.of("x"))))
                .isEqualTo(new FeatureValue(1.5, Status.CACHED, Duration.ofSeconds(9)));
        assertThat(store.calls).hasSize(1);

        timing.pass(Duration.ofSeconds(1));
        var third = fetch(lookup, 1L, Set.of("x"));
        assertThat(store.calls).hasSize(2);
        store.call().answer(Map.of("x", 7L));
        assertThat(value(third).value()).isEqualTo(7L);
        assertThat(lookup.statistics().hits()).isEqualTo(1);
        assertThat(lookup.statistics().misses()).isEqualTo(2);
    }

    @Test
    void remembersUnknownEntitiesForAWhile() throws Exception {
        var lookup = lookup(CONFIG);
        var key = "a\"b\n" + "c".repeat(1_000_000);
        var first = fetch(lookup, key, Set.of("x"));
        store.call().knowsNone();
        assertThat(unknown(first))
                .hasMessage("feature store \"wine\" has no entity \"a\\\"b\\u000a" + "c".repeat(60) + "…\"");

        var again = fetch(lookup, key, Set.of("x"));
        assertThat(store.calls).hasSize(2); // it weighs more than the whole cache
        store.call().knowsNone();
        unknown(again);

        var other = fetch(lookup, "d", Set.of("x"));
        store.call().knowsNone();
        unknown(other);
        timing.pass(Duration.ofMillis(2_999));
        unknown(fetch(lookup, "d", Set.of("x")));
        assertThat(store.calls).hasSize(3);
        timing.pass(Duration.ofMillis(1));
        var expired = fetch(lookup, "d", Set.of("x"));
        assertThat(store.calls).hasSize(4);
        store.call().answer(VALUES);
        assertThat(value(expired).value()).isEqualTo(1.5);
    }

    @Test
    void keepsTheCacheWithinItsMemory() throws Exception {
        var lookup = lookup(CONFIG);
        for (int i = 0; i < 100; i++) {
            var row = fetch(lookup, (long) i, Set.of());
            store.call().answer(Map.of("text", "x".repeat(50_000)));
            await(row);
        }
        assertThat(lookup.statistics().now().cached()).isBetween(1L, 10L);
    }

    @Test
    void failsByDefault() throws Exception {
        var lookup = lookup(CONFIG);
        var row = fetch(lookup, 1L, Set.of("x"));
        store.call().fail("connection refused to an address that is nobody's business");
        assertThat(failure(row)).hasMessage("feature store \"wine\" failed");

        var late = fetch(lookup, 1L, Set.of("x"));
        timing.pass(CONFIG.config().timeout());
        assertThat(failure(late)).hasMessage("feature store \"wine\" did not answer within 500 ms");

        var told = fetch(lookup, 1L, Set.of("x"));
        store.call().promise().fail(new ServingException(ErrorCode.NOT_READY, "no connection"));
        assertThat(failure(told)).hasMessage("feature store \"wine\": no connection");
        assertThat(lookup.statistics().failures())
                .containsEntry(LookupFailure.STORE, 2L)
                .containsEntry(LookupFailure.TIMEOUT, 1L);
    }

    @Test
    void passesOnThatAKeyCanNeverBeRight() throws Exception {
        var lookup = lookup(CONFIG.withPolicy(Policy.DEFAULT, Map.of("x", 1L)));
        var row = fetch(lookup, "k", Set.of("x"));
        store.call().promise().fail(new ServingException(ErrorCode.INVALID_ARGUMENT, "an integer is wanted"));
        eventually(row::isComplete);
        assertThat(((ServingException) row.cause()).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void usesDefaultsForWhatIsMissing() throws Exception {
        var lookup = lookup(CONFIG.withPolicy(Policy.DEFAULT, Map.of("x", 9.0, "z", "none")));
        var defaulted = new FeatureValue(9.0, Status.DEFAULT, null);

        var unknown = fetch(lookup, 1L, Set.of("x"));
        store.call().knowsNone();
        assertThat(value(unknown)).isEqualTo(defaulted);
        var down = fetch(lookup, 2L, Set.of("x"));
        store.call().fail("down");
        assertThat(value(down)).isEqualTo(defaulted);
        var late = fetch(lookup, 2L, Set.of("x"));
        timing.pass(CONFIG.config().timeout());
        assertThat(value(late)).isEqualTo(defaulted);
        var garbage = fetch(lookup, 2L, Set.of("x"));
        store.call().answer(Map.of("x", Double.NaN));
        assertThat(value(garbage)).isEqualTo(defaulted);

        var partly = fetch(lookup, 3L, Set.of("x", "z", "w"));
        store.call().answer(Map.of("x", 1L));
        var row = await(partly);
        assertThat(row.values().get("x").status()).isEqualTo(Status.FRESH);
        assertThat(row.values().get("z")).isEqualTo(new FeatureValue("none", Status.DEFAULT, null));
        assertThat(missing(row)).containsExactly("w");
        assertThat(missing(row.withOverrides(Map.of("w", 3L)))).isEmpty();
        assertThat(row.withOverrides(Map.of("w", 3L)).values().get("w").status())
                .isEqualTo(Status.OVERRIDDEN);
        assertThat(lookup.statistics().defaulted()).isEqualTo(3);
    }

    @Test
    void servesTheExpiredValueWhileItRefreshes() throws Exception {
        var lookup = lookup(CONFIG.withPolicy(Policy.STALE, Map.of()));
        var first = fetch(lookup, 1L, Set.of("x"));
        store.call().answer(Map.of("x", 1L));
        await(first);

        timing.pass(TTL.plusSeconds(5));
        for (int i = 0; i < 3; i++) {
            assertThat(value(fetch(lookup, 1L, Set.of("x"))))
                    .isEqualTo(new FeatureValue(1L, Status.STALE, Duration.ofSeconds(15)));
        }
        assertThat(store.calls).hasSize(2);
        store.call().fail("down");
        assertThat(value(fetch(lookup, 1L, Set.of("x"))).status()).isEqualTo(Status.STALE);
        store.call().answer(Map.of("x", 2L));
        assertThat(value(fetch(lookup, 1L, Set.of("x"))).value()).isEqualTo(2L);
        assertThat(value(fetch(lookup, 1L, Set.of("x"))).status()).isEqualTo(Status.CACHED);
        assertThat(lookup.statistics().stale()).isEqualTo(4);
        assertThat(lookup.statistics().refreshes()).isEqualTo(2);

        timing.pass(TTL.plus(STALE_FOR));
        var gone = fetch(lookup, 1L, Set.of("x"));
        store.call().knowsNone();
        unknown(gone);
    }

    static Stream<Map<String, Object>> garbage() {
        return Stream.of(
                Map.of("x", Double.NaN),
                Map.of("x", Double.NEGATIVE_INFINITY),
                Map.of("x", 1),
                Map.of("x", 1.5f),
                Map.of("x", List.of(1L)));
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void refusesGarbage(Map<String, Object> garbage) throws Exception {
        var lookup = lookup(CONFIG);
        var row = fetch(lookup, 1L, Set.of("x"));
        store.call().answer(garbage);
        assertThat(failure(row)).hasMessageContaining("entity \"1\" has feature \"x\", which is ");
        boolean number = garbage.get("x") instanceof Double;
        assertThat(lookup.statistics().failures())
                .containsEntry(number ? LookupFailure.NOT_FINITE : LookupFailure.WRONG_TYPE, 1L)
                .containsEntry(LookupFailure.GARBAGE, 0L);
        assertThat(missing(await(fetch(lookup, 1L, Set.of("y"))))).containsExactly("y");
    }

    @Test
    void refusesAnswersThatAreNone() throws Exception {
        var lookup = lookup(CONFIG);
        var nothing = fetch(lookup, 1L, Set.of());
        store.call().promise().complete(null);
        failure(nothing);
        var nulls = fetch(lookup, 1L, Set.of());
        Map<Object, FeatureVector> vectors = new HashMap<>();
        vectors.put(1L, null);
        store.call().promise().complete(vectors);
        failure(nulls);
        var other = fetch(lookup, 1L, Set.of());
        store.call().promise().complete(Map.of(1L, new FeatureVector(2L, VALUES, HeldStore.ASKED_AT)));
        failure(other);
        assertThat(lookup.statistics().failures()).containsEntry(LookupFailure.GARBAGE, 3L);
    }

    @Test
    void keepsAnAnswerThatComesTooLate() throws Exception {
        var lookup = lookup(CONFIG);
        var late = fetch(lookup, 1L, Set.of("x"));
        timing.pass(CONFIG.config().timeout());
        failure(late);
        var second = fetch(lookup, 1L, Set.of("x"));
        store.call().answer(Map.of("x", 2L));
        assertThat(value(second).value()).isEqualTo(2L);

        store.calls.get(0).answer(Map.of("x", 1L)); // the answer to an earlier question
        assertThat(value(fetch(lookup, 1L, Set.of("x"))).value()).isEqualTo(2L);

        var other = fetch(lookup, 2L, Set.of("x"));
        timing.pass(CONFIG.config().timeout());
        failure(other);
        store.call().answer(Map.of("x", 3L));
        assertThat(value(fetch(lookup, 2L, Set.of("x"))).value()).isEqualTo(3L);
    }

    @Test
    void oneBadEntityFailsAlone() throws Exception {
        var lookup = lookup(CONFIG);
        var rows = fetchAll(lookup, Arrays.asList(1L, 2L, 3L, 1L), Set.of("x"));
        assertThat(store.calls).hasSize(1);
        store.call()
                .promise()
                .complete(Map.of(
                        1L, new FeatureVector(1L, VALUES, HeldStore.ASKED_AT),
                        2L, new FeatureVector(2L, Map.of("x", Double.NaN), HeldStore.ASKED_AT)));
        assertThat(value(rows.get(0)).value()).isEqualTo(1.5);
        failure(rows.get(1));
        unknown(rows.get(2));
        assertThat(value(rows.get(3)).value()).isEqualTo(1.5);
    }

    @Test
    void survivesAStoreThatThrowsOrGivesNoFuture() throws Exception {
        var thrower = new FeatureLookup(
                new FeatureLookup.TimeSource(vertx, timing), "t", new Misbehaved(true), CONFIG.config());
        assertThat(failure(fetch(thrower, 1L, Set.of()))).hasMessage("feature store \"t\" failed");
        var silent = new FeatureLookup(
                new FeatureLookup.TimeSource(vertx, timing), "s", new Misbehaved(false), CONFIG.config());
        assertThat(failure(fetch(silent, 1L, Set.of()))).hasMessage("feature store \"s\" failed");
    }

    private record Misbehaved(boolean throwing) implements FeatureStore {
        @Override
        public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
            if (throwing) {
                throw new IllegalStateException("broken");
            }
            return null;
        }

        @Override
        public int maxKeys() {
            return 1;
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    private FeatureLookup lookup(LookupSettings settings) {
        return new FeatureLookup(new FeatureLookup.TimeSource(vertx, timing), "wine", store, settings.config());
    }

    private static FeatureValue value(Future<FeatureRow> row) throws Exception {
        return await(row).values().get("x");
    }

    private static ServingException unknown(Future<FeatureRow> row) throws Exception {
        eventually(row::isComplete);
        var failure = (ServingException) row.cause();
        assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND);
        return failure;
    }

    private static ServingException failure(Future<FeatureRow> row) throws Exception {
        eventually(row::isComplete);
        var failure = (ServingException) row.cause();
        assertThat(failure.code()).isEqualTo(ErrorCode.FEATURES_UNAVAILABLE);
        return failure;
    }
}
