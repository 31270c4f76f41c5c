package dev.augur.feature.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupFailure;
import dev.augur.feature.remote.RemoteLimits;
import dev.augur.feature.remote.Secret;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as servers behind proxies give them: packed, elsewhere on the same server, refused for their key. */
@ExtendWith(VertxExtension.class)
class HttpAnswersTest {
    private static final int LIMIT = 10_000;
    private static final Queue<String> ASKED = new ConcurrentLinkedQueue<>();

    private static Vertx vertx;
    private static HttpServer server;
    private static HttpServer other;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        HttpAnswersTest.vertx = vertx;
        server = listen();
        other = listen();
    }

    @BeforeEach
    void forget() {
        ASKED.clear();
    }

    @Test
    void readsWhatIsPacked() throws Exception {
        assertThat(fetch("gzip").values()).isEqualTo(Map.of("n", 7L));
        assertThat(fetch("identity").values()).isEqualTo(Map.of("n", 7L));
    }

    @Test
    void whatUnpacksToMoreThanItsSizeIsTheFaultOfItsEntity() throws Exception {
        assertThat(fetch("bomb").fault().kind()).isEqualTo(LookupFailure.TOO_LARGE);
        assertThat(fetch("nogzip").fault().why()).isEqualTo("was answered with something else than gzip");
        assertThat(fetch("br").fault().why()).isEqualTo("was answered in an encoding that was not asked for");
    }

    @ParameterizedTest
    @ValueSource(strings = {"301", "302", "303", "307", "308", "absolute"})
    void followsARedirectOnTheSameServerWithItsHeaders(String redirect) throws Exception {
        assertThat(fetch(redirect).values()).isEqualTo(Map.of("n", 8L));
        assertThat(ASKED)
                .containsExactly(
                        "/wines/" + redirect + "?a=b Bearer hunter2", "/wines/" + redirect + "/?a=b Bearer hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"elsewhere", "elseport", "loop", "nowhere", "user"})
    void followsNoOtherRedirect(String redirect) {
        assertThatThrownBy(() -> fetch(redirect)).hasMessageContaining("status 302: it leads to another server");
        assertThat(ASKED).hasSizeLessThan(7).allMatch(asked -> asked.startsWith("/wines/" + redirect));
    }

    @Test
    void aKeyThatTheServerRefusesCanBeNone() throws Exception {
        for (String status : List.of("422", "414")) {
            assertThat(fetch(status).fault().kind()).isEqualTo(LookupFailure.UNKNOWN_ENTITY);
        }
        assertThat(fetch("400").fault().kind()).isEqualTo(LookupFailure.WRONG_TYPE);
        assertThat(fetch("410")).isNull();
    }

    private static FeatureVector fetch(String key) throws Exception {
        var config = new HttpStoreConfig(
                "wines",
                UrlTemplate.of("http://127.0.0.1:" + server.actualPort() + "/wines/{id}?a=b"),
                Map.of("Authorization", new Secret("Bearer hunter2")),
                Map.of(),
                new HttpStoreConfig.Responses(LIMIT, null),
                RemoteLimits.DEFAULT);
        var store = new HttpFeatureStore(vertx, config);
        try {
            return TestServer.await(store.fetch(Set.of(key))).get(key);
        } finally {
            TestServer.await(store.close());
        }
    }

    private static HttpServer listen() throws Exception {
        return TestServer.await(
                vertx.createHttpServer().requestHandler(HttpAnswersTest::answer).listen(0, "127.0.0.1"));
    }

    private static void answer(HttpServerRequest request) {
        ASKED.add(request.uri() + " " + request.getHeader("Authorization"));
        String key = request.path().split("/")[2];
        String next = "/wines/" + key + "/?a=b";
        var response = request.response();
        var end = request.path().endsWith("/")
                ? response.end("{\"n\": 8}")
                : switch (key) {
                    case "gzip" ->
                        response.putHeader("Content-Encoding", "gzip").end(packed("{\"n\": 7}"));
                    case "identity" ->
                        response.putHeader("Content-Encoding", "identity").end("{\"n\": 7}");
                    case "bomb" ->
                        response.putHeader("Content-Encoding", "gzip")
                                .end(packed("{\"n\": \"" + "x".repeat(5_000_000) + "\"}"));
                    case "nogzip" ->
                        response.putHeader("Content-Encoding", "gzip").end("{\"n\": 7}");
                    case "br" -> response.putHeader("Content-Encoding", "br").end("{\"n\": 7}");
                    case "absolute" -> to(request, 302, "http://127.0.0.1:" + server.actualPort() + next);
                    case "elsewhere" -> to(request, 302, "http://localhost:" + server.actualPort() + next);
                    case "elseport" -> to(request, 302, "http://127.0.0.1:" + other.actualPort() + next);
                    case "user" -> to(request, 302, "http://a:b@127.0.0.1:" + server.actualPort() + next);
                    case "loop" -> to(request, 302, "/wines/loop");
                    case "nowhere" -> to(request, 302, ":// ");
                    case "400", "410", "414", "422" ->
                        response.setStatusCode(Integer.parseInt(key)).end("{}");
                    default -> to(request, Integer.parseInt(key), next);
                };
        end.onComplete(sent -> {});
    }

    private static Future<Void> to(HttpServerRequest request, int status, String location) {
        return request.response()
                .setStatusCode(status)
                .putHeader("Location", location)
                .end();
    }

    private static Buffer packed(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
