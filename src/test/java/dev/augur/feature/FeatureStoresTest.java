package dev.augur.feature;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.worker.WorkerPool;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureStoresTest {
    @Test
    void opensAStoreOfTheKindThatTheSettingsName(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("wine.csv"), "item,alcohol\n43,13.2\n");
        var settings = new Settings(Map.of("kind", "csv", "path", file, "key-column", "item"));
        var vertx = Vertx.vertx();
        try {
            var opening = FeatureStores.builtIn().read(settings);
            assertThat(settings.problems).isEmpty();

            var store = opening.open(vertx, new WorkerPool(vertx, "features", 2, 10));
            eventually(() -> store.notReady().isEmpty());
            var lookup = new FeatureLookup(vertx, "wine", store, LookupConfig.standard());
            assertThat(await(lookup.fetch(43L, Set.of("alcohol")))
                            .values()
                            .get("alcohol")
                            .value())
                    .isEqualTo(13.2);
            await(lookup.close());
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void aNewKindIsOneClassAndOneLine() throws Exception {
        FeatureStoreKind held = settings ->
                (vertx, workers) -> new HeldStore(settings.integer("max-keys", 7, new Section.Range<>(1, 100)));
        var stores = new FeatureStores(Map.of("held", held));
        assertThat(stores.names()).containsExactly("held");

        var vertx = Vertx.vertx();
        try {
            var store = stores.read(new Settings(Map.of("kind", "held")))
                    .open(vertx, new WorkerPool(vertx, "features", 1, 1));
            assertThat(store.maxKeys()).isEqualTo(7);
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void reportsAKindThatThereIsNot() {
        var settings = new Settings(Map.of("kind", "oracle"));
        assertThat(FeatureStores.builtIn().read(settings)).isNotNull();
        assertThat(settings.problems)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("kind: \"oracle\" is not allowed, expected");
    }

    /** Settings that are values already. */
    private record Settings(Map<String, Object> values, List<String> problems) implements Section {
        private Settings(Map<String, Object> values) {
            this(values, new ArrayList<>());
        }

        @Override
        public String name() {
            return "wine";
        }

        @Override
        public String text(String key) {
            return (String) values.get(key);
        }

        @Override
        public String text(String key, String defaultValue) {
            return (String) values.getOrDefault(key, defaultValue);
        }

        @Override
        public Path path(String key) {
            return (Path) values.get(key);
        }

        @Override
        public Optional<Path> optionalPath(String key) {
            return Optional.ofNullable((Path) values.get(key));
        }

        @Override
        public <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue) {
            return type.cast(values.getOrDefault(key, defaultValue));
        }

        @Override
        public boolean flag(String key, boolean defaultValue) {
            return (boolean) values.getOrDefault(key, defaultValue);
        }

        @Override
        public int integer(String key, int defaultValue, Range<Integer> allowed) {
            return (int) values.getOrDefault(key, defaultValue);
        }

        @Override
        public long bytes(String key, long defaultValue, Range<Long> allowed) {
            return (long) values.getOrDefault(key, defaultValue);
        }

        @Override
        public Duration duration(String key, Duration defaultValue, Range<Duration> allowed) {
            return (Duration) values.getOrDefault(key, defaultValue);
        }

        @Override
        public List<String> list(String key) {
            return List.of();
        }

        @Override
        public Map<String, String> map(String key) {
            return Map.of();
        }

        @Override
        public Map<String, Object> values(String key) {
            return Map.of();
        }

        @Override
        public void problem(String key, String problem) {
            problems.add(key + ": " + problem);
        }
    }
}
