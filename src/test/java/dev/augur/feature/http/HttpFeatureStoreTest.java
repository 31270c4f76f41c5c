package dev.augur.feature.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupFailure;
import dev.augur.feature.remote.RemoteLimits;
import dev.augur.feature.remote.Secret;
import dev.augur.testkit.Certificate;
import dev.augur.testkit.TestServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class HttpFeatureStoreTest {
    private static Vertx vertx;

    private final Queue<HttpServerRequest> requests = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private HttpFeatureStore store;
    private int status = 200;
    private String body = "{}";

    @BeforeAll
    static void startVertx(Vertx vertx) {
        HttpFeatureStoreTest.vertx = vertx;
    }

    @BeforeEach
    void start() throws Exception {
        server = TestServer.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    requests.add(request);
                    request.response()
                            .setStatusCode(status)
                            .putHeader("Location", "/elsewhere")
                            .end(body);
                })
                .listen(0, "127.0.0.1"));
    }

    @AfterEach
    void stop() throws Exception {
        if (store != null) {
            TestServer.await(store.close());
        }
        TestServer.await(server.close());
    }

    @Test
    void takesTheScalarsAtTheTop() throws Exception {
        open("/wines/{id}", Map.of());
        body = "{\"i\": 7, \"d\": 7.5, \"w\": 7.0, \"big\": 9223372036854775808, \"t\": \"x\", \"b\": true,"
                + " \"n\": null, \"o\": {\"x\": 1}, \"a\": [1]}";

        assertThat(fetch(1L).get(1L).values())
                .isEqualTo(Map.of("i", 7L, "d", 7.5, "w", 7.0, "big", 9.223372036854775807E18, "t", "x", "b", true));
    }

    @Test
    void takesWhatThePointersPointAt() throws Exception {
        open("/wines/{id}", Map.of("x", "/a/0/b~1c", "y", "/nothing/here", "z", "/null"));
        body = "{\"a\": [{\"b/c\": 5}], \"null\": null, \"other\": 1}";

        assertThat(fetch(1L).get(1L).values()).isEqualTo(Map.of("x", 5L));
    }

    @Test
    void sendsHeadersAndKeepsThemToItself() throws Exception {
        open("/wines/{id}", Map.of());

        assertThat(fetch(1L)).containsOnlyKeys(1L);

        assertThat(requests.element().getHeader("Authorization")).isEqualTo("Bearer hunter2");
        assertThat(config("/{id}", Map.of()).toString()).doesNotContain("hunter2");
    }

    @Test
    void knowsNoEntityThatIsNotFound() throws Exception {
        open("/wines/{id}", Map.of());
        status = 404;
        body = "no such wine";

        assertThat(fetch(1L)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 304, 401, 403, 429, 500, 503})
    void anyOtherStatusIsAFailure(int code) throws Exception {
        open("/wines/{id}", Map.of());
        status = code;

        assertUnavailable("status " + code);
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "{",
                "{\"a\": 1",
                "{\"a\": 1} x",
                "[]",
                "7",
                "null",
                "{\"a\": NaN}",
                "{\"a\":1,\"a\":2}"
            })
    void garbageIsTheFaultOfItsEntity(String garbage) throws Exception {
        open("/wines/{id}", Map.of());
        body = garbage;

        assertFault("something else than");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"odd\": 1e999}|/odd",
                "{\"odd\": {\"x\": 1}}|/odd",
                "{\"odd\": [1]}|/odd",
                "{\"odd\": {\"x\": [1]}}|/odd/x"
            })
    void namesTheFeatureOfTheWrongType(String odd, String pointer) throws Exception {
        open("/wines/{id}", Map.of("color", pointer));
        body = odd;

        assertThat(fetch(1L).get(1L).values().get("color").toString()).matches(".*Unusable.*|Infinity");
    }

    @Test
    void refusesAnAnswerAboveItsSize() throws Exception {
        open("/wines/{id}", Map.of());
        body = "{\"a\": \"" + "x".repeat(HttpStoreConfig.Responses.DEFAULT.maxBytes()) + "\"}";

        assertFault("more than 262144 bytes");
    }

    @Test
    void hostileKeysAreOnlyKeys() throws Exception {
        open("/wines/{id}/features?for={id}", Map.of());
        var hostile = List.of(
                "../../admin",
                "a/b",
                "a?b=c",
                "a#b",
                "%2e%2e",
                "a b",
                "a&b=c",
                "\r\nHost: evil\r\n",
                "\u0000",
                "'\"\\",
                "{id}",
                "\ud83d\ude00",
                ";x=1",
                "@evil");

        for (String key : hostile) {
            requests.clear();
            assertThat(fetch(key)).containsOnlyKeys(key);
            String uri = requests.element().uri();
            assertThat(uri).matches("/wines/[A-Za-z0-9._~%-]+/features\\?for=[A-Za-z0-9._~%-]+");
            assertThat(URLDecoder.decode(uri.substring(uri.indexOf('=') + 1), StandardCharsets.UTF_8))
                    .isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "\ud800"})
    void keysThatWouldNameSomethingElseAreUnknown(String key) throws Exception {
        open("/wines/{id}", Map.of());

        assertThat(fetch(key).get(key).fault().kind()).isEqualTo(LookupFailure.UNKNOWN_ENTITY);
        assertThat(requests).isEmpty();
    }

    @Test
    void keysOfAMegabyteAreUnknown() throws Exception {
        open("/wines/{id}", Map.of());

        var key = "x".repeat(1 << 20);
        assertThat(fetch(key).get(key).fault().kind()).isEqualTo(LookupFailure.UNKNOWN_ENTITY);
        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://{id}.example.org/",
                "http://host:1/none",
                "ftp://host/{id}",
                "/{id}",
                "http://user:secret@host/{id}",
                "http://host/{id}#x",
                "http://host:{id}/x",
                "nonsense {id}"
            })
    void refusesOtherUrls(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UrlTemplate.of(url))
                .withMessageContaining("must be as");
    }

    @Test
    void refusesWhatIsNoPointer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config("/{id}", Map.of("a", "b")))
                .withMessageContaining("pointer");
    }

    @Test
    void completesOnTheCallersContext(VertxTestContext test) throws Exception {
        open("/wines/{id}", Map.of());
        Context caller = vertx.getOrCreateContext();

        caller.runOnContext(ignored -> store.fetch(Set.of(1L))
                .onComplete(test.succeeding(found -> test.verify(() -> {
                    assertThat(Vertx.currentContext()).isSameAs(caller);
                    test.completeNow();
                }))));
    }

    @Test
    void speaksTlsWithAServerItKnows(@TempDir Path folder, @TempDir Path other) throws Exception {
        var certificate = Certificate.create(folder);
        var keys = new PemKeyCertOptions()
                .setCertPath(certificate.file().toString())
                .setKeyPath(certificate.keyFile().toString());
        HttpServer encrypted = TestServer.await(
                vertx.createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(keys))
                        .requestHandler(request -> request.response().end("{\"n\": 7}"))
                        .listen(0, "127.0.0.1"));
        try {
            openEncrypted(encrypted.actualPort(), certificate.file());
            assertThat(fetch(1L).get(1L).values()).isEqualTo(Map.of("n", 7L));
            TestServer.await(store.close());

            openEncrypted(encrypted.actualPort(), Certificate.create(other).file());
            assertUnavailable("cannot connect");
        } finally {
            TestServer.await(encrypted.close());
        }
    }

    private void openEncrypted(int port, Path caFile) {
        store = new HttpFeatureStore(
                vertx,
                new HttpStoreConfig(
                        "wines",
                        UrlTemplate.of("https://127.0.0.1:" + port + "/{id}"),
                        Map.of(),
                        Map.of(),
                        new HttpStoreConfig.Responses(1_000, caFile),
                        RemoteLimits.DEFAULT));
    }

    private void open(String path, Map<String, String> pointers) {
        store = new HttpFeatureStore(vertx, config(path, pointers));
    }

    private HttpStoreConfig config(String path, Map<String, String> pointers) {
        return new HttpStoreConfig(
                "wines",
                UrlTemplate.of("http://127.0.0.1:" + server.actualPort() + path),
                Map.of("Authorization", new Secret("Bearer hunter2")),
                pointers,
                HttpStoreConfig.Responses.DEFAULT,
                RemoteLimits.DEFAULT);
    }

    private Map<Object, FeatureVector> fetch(Object key) throws Exception {
        Future<Map<Object, FeatureVector>> fetch = store.fetch(Set.of(key));
        return TestServer.await(fetch);
    }

    private void assertFault(String message) throws Exception {
        assertThat(fetch(1L).get(1L).fault()).asString().contains(message);
    }

    private void assertUnavailable(String message) {
        assertThatThrownBy(() -> fetch(1L))
                .cause()
                .isInstanceOfSatisfying(ServingException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.FEATURES_UNAVAILABLE))
                .hasMessageContaining(message);
    }
}
