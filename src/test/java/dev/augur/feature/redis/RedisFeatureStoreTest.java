package dev.augur.feature.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupFailure;
import dev.augur.feature.Unusable;
import dev.augur.feature.remote.RemoteLimits;
import dev.augur.feature.remote.Secret;
import dev.augur.testkit.Certificate;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.RedisProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import io.vertx.redis.client.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class RedisFeatureStoreTest {
    private static Vertx vertx;
    private static RedisProcess redis;

    private RedisFeatureStore store;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        RedisFeatureStoreTest.vertx = vertx;
        redis = RedisProcess.start();
        put("wine:1", "alcohol", "13.5", "color", "red", "old", "true", "year", "1999");
        put("wine:2", "color", "white");
    }

    @AfterAll
    static void stop() throws Exception {
        redis.close();
    }

    @AfterEach
    void close() throws Exception {
        if (store != null) {
            TestServer.await(store.close());
        }
    }

    @Test
    void fetchesManyAndLeavesOutWhatIsNotThere() throws Exception {
        open(Map.of("alcohol", FieldType.DOUBLE, "color", FieldType.TEXT));

        var vectors = fetch(1L, "2", 3L, "x");

        assertThat(vectors).containsOnlyKeys(1L, "2");
        assertThat(vectors.get(1L).values()).isEqualTo(Map.of("alcohol", 13.5, "color", "red"));
        assertThat(vectors.get("2").values()).isEqualTo(Map.of("color", "white"));
    }

    @Test
    void aValueThatIsTooLargeFailsItsEntityAlone() throws Exception {
        put("wine:77", "color", "x".repeat(16_385));
        put("wine:78", "color", "x".repeat(16_384));
        open(Map.of("color", FieldType.TEXT));

        var vectors = fetch(77L, 78L);

        assertThat(vectors.get(77L).values()).isEqualTo(Map.of("color", Unusable.tooLarge(16_384)));
        assertThat(vectors.get(78L).values().get("color").toString()).hasSize(16_384);
    }

    @Test
    void fetchesAllFields() throws Exception {
        open(Map.of());

        var vectors = fetch(1L, 3L);

        assertThat(vectors).containsOnlyKeys(1L);
        assertThat(vectors.get(1L).values())
                .isEqualTo(Map.of("alcohol", 13.5, "color", "red", "old", true, "year", 1999L));
    }

    @Test
    void fetchesAsManyAsItSays() throws Exception {
        open(Map.of("n", FieldType.LONG));
        for (int i = 0; i < store.maxKeys(); i++) {
            put("wine:n" + i, "n", String.valueOf(i));
        }
        Set<Object> keys =
                IntStream.range(0, store.maxKeys()).mapToObj(i -> "n" + i).collect(Collectors.toSet());

        var vectors = TestServer.await(store.fetch(keys));

        assertThat(vectors).hasSize(store.maxKeys());
        vectors.forEach(
                (key, vector) -> assertThat("n" + vector.values().get("n")).isEqualTo(key));
    }

    @ParameterizedTest
    @CsvSource({
        "LONG,7,7",
        "LONG,-9223372036854775808,-9223372036854775808",
        "DOUBLE,7,7.0",
        "DOUBLE,-1.5e3,-1500.0",
        "BOOLEAN,true,true",
        "TEXT,NaN,NaN",
        "TEXT,007,007",
        "INFERRED,7,7",
        "INFERRED,-0.5,-0.5",
        "INFERRED,9223372036854775808,9.223372036854776E18",
        "INFERRED,007,007",
        "INFERRED,0x1F,0x1F",
        "INFERRED,false,false",
        "INFERRED,nano,nano",
        "INFERRED,'',''"
    })
    void readsEveryType(FieldType type, String text, String feature) throws Exception {
        put("wine:typed", "f", text);
        open(Map.of("f", type));

        assertThat(fetch("typed").get("typed").values().get("f").toString()).isEqualTo(feature);
    }

    @ParameterizedTest
    @CsvSource({
        "LONG,1.5",
        "LONG,9223372036854775808",
        "LONG,x",
        "LONG,''",
        "LONG,0x1F",
        "DOUBLE,NaN",
        "DOUBLE,Infinity",
        "DOUBLE,1e999",
        "DOUBLE,1d",
        "DOUBLE,' 1'",
        "BOOLEAN,1",
        "INFERRED,NaN",
        "INFERRED,nan",
        "INFERRED,-inf",
        "INFERRED,1e999"
    })
    void namesTheFieldThatIsGarbage(FieldType type, String text) throws Exception {
        put("wine:garbage", "odd", text);
        open(Map.of("odd", type));

        assertThat(fetch("garbage").get("garbage").values().get("odd")).isInstanceOf(Unusable.class);
    }

    @Test
    void refusesWhatIsNotUtf8() throws Exception {
        redis.command(vertx, Command.HSET, "wine:bytes", "odd", new byte[] {(byte) 0xC3, 0x28});
        open(Map.of("odd", FieldType.TEXT));

        assertThat(fetch("bytes").get("bytes").values()).isEqualTo(Map.of("odd", Unusable.not("a text in UTF-8")));
    }

    @Test
    void aKeyThatIsNoHashIsTheFaultOfItsEntity() throws Exception {
        redis.command(vertx, Command.SET, "wine:plain", "text");
        open(Map.of("color", FieldType.TEXT));

        var found = fetch("plain", 1L, 2L, 3L);
        assertThat(found).containsOnlyKeys("plain", 1L, 2L);
        assertThat(found.get("plain").fault()).isEqualTo(Unusable.entity("is no hash in Redis"));
        assertThat(found.get(1L).values()).isEqualTo(Map.of("color", "red"));
    }

    @Test
    void aUserNeedsTheRightToReadAlone() throws Exception {
        redis.command(
                vertx,
                Command.ACL,
                "SETUSER",
                "bare",
                "on",
                ">hunter4",
                "resetkeys",
                "~wine:*",
                "-@all",
                "+hgetall",
                "+hmget");
        open(
                new RedisConnectConfig(
                        "127.0.0.1", redis.port(), 0, "bare", new Secret("hunter4"), /* tls= */ false, null),
                Map.of());
        assertThat(fetch(1L)).containsOnlyKeys(1L);
        close();

        redis.command(vertx, Command.ACL, "SETUSER", "bare", "-hgetall");
        open(
                new RedisConnectConfig(
                        "127.0.0.1", redis.port(), 0, "bare", new Secret("hunter4"), /* tls= */ false, null),
                Map.of());
        assertUnavailable("the user has no right to read this", 1L);
    }

    @Test
    void aNodeOfAClusterIsNamedAsThat() throws Exception {
        var node =
                RedisProcess.start("--cluster-enabled", "yes", "--cluster-config-file", "nodes-" + System.nanoTime());
        try {
            open(RedisConnectConfig.of("127.0.0.1", node.port()), Map.of());
            assertUnavailable("a node of a Redis Cluster, which is not supported", 1L);
        } finally {
            node.close();
        }
    }

    @Test
    void hostileKeysAreOnlyKeys() throws Exception {
        var hostile =
                List.of("\r\nFLUSHALL\r\n", "'\"\\", "a b", "{id}", "*", "%s%00", "../x", "\u0000", "\ud83d\ude00", "");
        for (String key : hostile) {
            put("wine:" + key, "n", String.valueOf(hostile.indexOf(key)));
        }
        open(Map.of("n", FieldType.LONG));

        var keys = new HashSet<Object>(hostile);
        keys.add("x".repeat(1 << 20));
        keys.add("\ud800");
        var vectors = new HashMap<>(TestServer.await(store.fetch(keys)));
        assertThat(vectors.values().stream().filter(vector -> vector.fault() != null))
                .hasSize(2)
                .allSatisfy(vector -> assertThat(vector.fault().kind()).isEqualTo(LookupFailure.UNKNOWN_ENTITY));
        vectors.values().removeIf(vector -> vector.fault() != null);

        assertThat(vectors.keySet()).containsExactlyInAnyOrderElementsOf(List.<Object>copyOf(hostile));
        vectors.forEach(
                (key, vector) -> assertThat(vector.values()).isEqualTo(Map.of("n", (long) hostile.indexOf(key))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wine", "{id}:{id}"})
    void refusesATemplateWithoutOnePlace(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RedisStoreConfig(
                        "s", RedisConnectConfig.of("127.0.0.1", 1), template, Map.of(), RemoteLimits.DEFAULT))
                .withMessageContaining("{id}");
    }

    @Test
    void completesOnTheCallersContext(VertxTestContext test) throws Exception {
        open(Map.of());
        Context caller = vertx.getOrCreateContext();

        caller.runOnContext(ignored -> store.fetch(Set.of(1L))
                .onComplete(test.succeeding(found -> test.verify(() -> {
                    assertThat(Vertx.currentContext()).isSameAs(caller);
                    test.completeNow();
                }))));
    }

    @Test
    void logsInAndChoosesTheDatabase() throws Exception {
        redis.command(vertx, Command.ACL, "SETUSER", "reader", "on", ">hunter2", "~*", "+@all");
        var connect = new RedisConnectConfig(
                "127.0.0.1", redis.port(), 3, "reader", new Secret("hunter2"), /* tls= */ false, null);
        open(connect, Map.of());

        assertThat(fetch(1L)).isEmpty();
        assertThat(connect.toString()).doesNotContain("hunter2");
    }

    @Test
    void keepsThePasswordToItself() {
        var wrong = new RedisConnectConfig(
                "127.0.0.1", redis.port(), 0, "reader2", new Secret("hunter3"), /* tls= */ false, null);
        open(wrong, Map.of());

        assertUnavailable("refuses the login", 1L);
    }

    @Test
    void speaksTlsWithAServerItKnows(@TempDir Path folder, @TempDir Path other) throws Exception {
        var certificate = Certificate.create(folder);
        int port = ChildProcess.freePort();
        var encrypted = RedisProcess.startEncrypted(certificate, port);
        try {
            encrypted.command(vertx, Command.HSET, "wine:1", "n", "7");
            open(
                    new RedisConnectConfig("127.0.0.1", port, 0, null, null, /* tls= */ true, certificate.file()),
                    Map.of());
            assertThat(fetch(1L).get(1L).values()).isEqualTo(Map.of("n", 7L));
            close();

            Path stranger = Certificate.create(other).file();
            open(new RedisConnectConfig("127.0.0.1", port, 0, null, null, /* tls= */ true, stranger), Map.of());
            assertUnavailable("cannot connect", 1L);
        } finally {
            encrypted.close();
        }
    }

    private void open(Map<String, FieldType> fields) {
        open(RedisConnectConfig.of("127.0.0.1", redis.port()), fields);
    }

    private void open(RedisConnectConfig connect, Map<String, FieldType> fields) {
        store = new RedisFeatureStore(
                vertx, new RedisStoreConfig("wines", connect, "wine:{id}", fields, RemoteLimits.DEFAULT));
    }

    private Map<Object, FeatureVector> fetch(Object... keys) throws Exception {
        return TestServer.await(store.fetch(Set.of(keys)));
    }

    private void assertUnavailable(String message, Object... keys) {
        assertThatThrownBy(() -> fetch(keys))
                .cause()
                .isInstanceOfSatisfying(ServingException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.FEATURES_UNAVAILABLE))
                .hasMessageContaining(message)
                .hasMessageNotContaining("hunter");
    }

    private static void put(String hash, String... fieldsAndValues) throws Exception {
        redis.command(vertx, Command.DEL, hash);
        var arguments = new ArrayList<Object>(List.of(hash));
        arguments.addAll(List.of(fieldsAndValues));
        redis.command(vertx, Command.HSET, arguments.toArray());
    }
}
