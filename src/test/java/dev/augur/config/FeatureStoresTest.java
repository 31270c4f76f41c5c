package dev.augur.config;

import static dev.augur.feature.Lookups.fetch;
import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.augur.feature.FeatureLookup;
import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureStoreKind;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupConfig;
import dev.augur.setting.Plugins;
import dev.augur.setting.Section;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class FeatureStoresTest {
    @TempDir
    Path folder;

    /** The example of {@code STORES.md}: the same number for every entity. */
    public static final class FixedStoreKind implements FeatureStoreKind {
        @Override
        public String name() {
            return "fixed";
        }

        @Override
        public Opening read(Section settings) {
            int answer = settings.integer("answer", 42, Section.Range.between(0, 100));
            return (vertx, workers) -> new Fixed(answer);
        }
    }

    private record Fixed(long answer) implements FeatureStore {
        @Override
        public Future<Map<Object, FeatureVector>> fetch(Set<Object> keys) {
            return Future.succeededFuture(keys.stream()
                    .collect(Collectors.toMap(
                            key -> key, key -> new FeatureVector(key, Map.of("answer", answer), Instant.now()))));
        }

        @Override
        public int maxKeys() {
            return 1_000;
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    @Test
    void opensAStoreOfTheKindThatTheSettingsName(Vertx vertx) throws Exception {
        var file = Files.writeString(folder.resolve("wine.csv"), "item,alcohol\n43,13.2\n");
        var settings = settings("{kind: csv, path: " + file + ", key-column: item}");
        var opening = FeatureStores.ofClassPath().read(settings);
        assertThat(settings.problems()).isEmpty();
        assertThat(looked(vertx, opening, "alcohol")).isEqualTo(13.2);
    }

    @Test
    void aNewKindIsAClassAndALineInMetaInf(Vertx vertx) throws Exception {
        var classes = PluggedIn.classes(folder, FeatureStoreKind.class, FixedStoreKind.class);
        var stores = new FeatureStores(Plugins.of(FeatureStoreKind.class, classes));
        assertThat(stores.names()).contains("csv", "sql", "redis", "http", "timer", "fixed");
        var settings = settings("{kind: fixed, answer: 7}");
        var opening = stores.read(settings);
        assertThat(settings.problems()).isEmpty();
        assertThat(looked(vertx, opening, "answer")).isEqualTo(7L);
    }

    @Test
    void reportsAKindThatThereIsNot() throws Exception {
        var settings = settings("{kind: oracle}");
        assertThat(FeatureStores.ofClassPath().read(settings)).isNotNull();
        assertThat(settings.problems())
                .containsExactly("test: kind: \"oracle\" is not allowed, expected one of csv, sql, redis, http, timer");
    }

    @Test
    void refusesTwoKindsOfOneName() {
        assertThatThrownBy(() -> new FeatureStores(List.of(new FixedStoreKind(), new FixedStoreKind())))
                .hasMessageContaining("the name fixed")
                .hasMessageContaining(FixedStoreKind.class.getName());
    }

    private static Object looked(Vertx vertx, FeatureStoreKind.Opening opening, String feature) throws Exception {
        var store = opening.open(vertx, new WorkerPool(vertx, "features", 2, 10));
        eventually(() -> store.notReady().isEmpty());
        var lookup = new FeatureLookup(vertx, "wine", store, LookupConfig.standard());
        var row = await(fetch(lookup, 43L, Set.of(feature)));
        await(lookup.close());
        return row.values().get(feature).value();
    }

    private static ConfigReader settings(String yaml) throws Exception {
        return new ConfigReader(new ConfigSource("test", new YAMLMapper().readTree(yaml), Map.of()));
    }
}
