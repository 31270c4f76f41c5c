package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask what, over HTTP. */
@ExtendWith(VertxExtension.class)
class AccessTest {
    private static final String INFER = "/v2/models/iris/infer";
    private static final byte[] ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}"
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOTHING = new byte[0];

    @TempDir
    Path folder;

    private KeyFile keys;
    private String shop;
    private String boss;

    @BeforeEach
    void makeKeys() throws Exception {
        keys = new KeyFile(folder.resolve("keys.yaml"));
        shop = key("shop", "predict:iris");
        boss = key("boss", "predict", "read", "admin");
    }

    private String key(String name, String... scopes) throws Exception {
        return keys.create(new Principal(name, Grants.known(List.of(scopes))), null);
    }

    private TestServer serve(String... more) throws Exception {
        var settings = new ArrayList<>(List.of(more));
        settings.add("access.keys=" + keys.path());
        return TestServer.start(settings.toArray(String[]::new));
    }

    private static Map<String, String> bearer(String key) {
        return Map.of("Authorization", "Bearer " + key);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void everyRouteButHealthAsksForAKey() throws Exception {
        try (var server = serve()) {
            for (String route : server.server().routes()) {
                String path = route.substring(5).replaceAll("\\{model}", "iris").replaceAll("\\{[a-z_]+}", "1");
                var answer = route.startsWith("GET") ? server.get(path) : server.post(path, "{}");
                boolean open = path.matches("(/v2)?/health/(live|ready)");
                assertThat(answer.statusCode()).as(route).isEqualTo(open ? 200 : 401);
            }
            assertThat(server.records()).isEmpty();
            assertThat(server.get("/nowhere").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void thousandsOfWrongKeysHoldNobodyUp() throws Exception {
        try (var server = serve()) {
            var wrong = new ArrayList<CompletableFuture<Set<Integer>>>();
            for (int client = 0; client < 4; client++) {
                int number = client;
                wrong.add(CompletableFuture.supplyAsync(() -> statuses(server, key -> shop + number + key, 750)));
            }
            assertThat(statuses(server, key -> shop, 200)).containsExactly(200);
            for (var client : wrong) { // closing looks whether an event loop was held
                assertThat(client.get(60, TimeUnit.SECONDS)).containsExactly(401);
            }
        }
    }

    private static Set<Integer> statuses(TestServer server, IntFunction<String> keys, int requests) {
        var statuses = new HashSet<Integer>();
        for (int request = 0; request < requests; request++) {
            try {
                statuses.add(server.postBytes(INFER, ROW, bearer(keys.apply(request)))
                        .statusCode());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        return statuses;
    }

    @Test
    void aKeyIsTakenInEachOfTheThreeHeaders() throws Exception {
        try (var server = serve()) {
            var basic = Base64.getEncoder().encodeToString((":" + shop).getBytes(StandardCharsets.UTF_8));
            for (var headers : List.of(
                    bearer(shop),
                    Map.of("Authorization", "bearer " + shop),
                    Map.of("X-API-Key", shop),
                    Map.of("Authorization", "Basic " + basic))) {
                assertThat(server.postBytes(INFER, ROW, headers).statusCode())
                        .as(headers.toString())
                        .isEqualTo(200);
            }
            for (String wrong : List.of("Bearer", "Bearer ", "Basic !", "Digest x", shop, "Bearer " + shop + "x")) {
                assertThat(server.postBytes(INFER, ROW, Map.of("Authorization", wrong))
                                .statusCode())
                        .as(wrong)
                        .isEqualTo(401);
            }
            var crossSite = Map.of("Authorization", "Basic " + basic, "Sec-Fetch-Site", "cross-site");
            assertThat(server.postBytes(INFER, ROW, crossSite).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void eachScopeAllowsItsOwnAlone() throws Exception {
        var reader = key("reader", "read");
        var admin = key("admin", "admin");
        try (var server = serve()) {
            assertStatus(server, INFER, Map.of(shop, 200, boss, 200, reader, 403, admin, 403));
            assertStatus(server, "/v2/models/wine/infer", Map.of(shop, 403, boss, 400, reader, 403, admin, 403));
            assertStatus(server, "/predict/wine", Map.of(shop, 403, boss, 422, reader, 403, admin, 403));
            assertStatus(server, "/predict_full_async", Map.of(shop, 403, boss, 422, reader, 403, admin, 403));
            assertStatus(server, "/v2/repository/index", Map.of(shop, 403, boss, 200, reader, 200, admin, 403));
            assertStatus(
                    server, "/v2/repository/models/none/load", Map.of(shop, 403, boss, 404, reader, 403, admin, 404));
            assertStatus(server, "/predictions/x/outcome", Map.of(shop, 403, boss, 422, reader, 403, admin, 422));
        }
    }

    private static void assertStatus(TestServer server, String path, Map<String, Integer> expected) throws Exception {
        for (var each : expected.entrySet()) {
            byte[] body = path.startsWith("/v2/models/") ? ROW : "{\"inputs\":0}".getBytes(StandardCharsets.UTF_8);
            assertThat(server.postBytes(path, body, bearer(each.getKey())).statusCode())
                    .as("%s by %s", path, each.getKey())
                    .isEqualTo(each.getValue());
        }
    }

    @Test
    void saysWhatIsMissingInTheFormOfTheRoute() throws Exception {
        try (var server = serve()) {
            var unknown = server.postBytes(INFER, ROW, Map.of());
            assertThat(text(unknown)).startsWith("{\"error\":\"a key or a token is needed: ");
            assertThat(unknown.headers().allValues("WWW-Authenticate")).containsExactly("Bearer realm=\"augur\"");
            var wrong = server.postBytes("/predict/wine", NOTHING, bearer("nope"));
            assertThat(text(wrong)).isEqualTo("{\"detail\":\"the key is not known, or has expired\"}");
            assertThat(wrong.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .contains("error=\"invalid_token\"");
            var denied = server.postBytes("/v2/models/wine/infer", ROW, bearer(shop));
            assertThat(text(denied))
                    .isEqualTo("{\"error\":\"\\\"shop\\\" may not: this needs the scope predict or predict:wine\"}");
            assertThat(denied.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .contains("insufficient_scope");
        }
    }

    @Test
    void recordsAndMetersTellWhoAsked() throws Exception {
        try (var server = serve()) {
            assertThat(server.postBytes(INFER, ROW, bearer(shop)).statusCode()).isEqualTo(200);
            assertThat(server.postBytes(INFER, NOTHING, bearer(shop)).statusCode())
                    .isEqualTo(400);
            assertThat(server.postBytes(
                                    "/predict/wine",
                                    "{\"items\":[{\"item_id\":43},{\"item_id\":44}]}".getBytes(StandardCharsets.UTF_8),
                                    bearer(boss))
                            .statusCode())
                    .isEqualTo(200);
            server.postBytes(INFER, ROW, Map.of());
            eventually(() -> server.records().size() == 4);
            assertThat(server.records())
                    .extracting(record -> record.getString("principal"))
                    .containsExactlyInAnyOrder("shop", "shop", "boss", "boss");
            var scrape = server.postBytes("/metrics", NOTHING, bearer(boss));
            assertThat(scrape.statusCode()).isEqualTo(405);
        }
    }

    /** Browsers ask before they send a key, and send none with that question. */
    @Test
    void aPreflightNeedsNoKey() throws Exception {
        try (var server = serve("http.cors.origins=https://shop.example", "http.cors.headers=Authorization")) {
            var preflight = "OPTIONS " + INFER + " HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.example\r\n"
                    + "Access-Control-Request-Method: POST\r\n"
                    + "Access-Control-Request-Headers: authorization\r\nConnection: close\r\n\r\n";
            try (var client = new RawClient(server.port())) {
                assertThat(client.send(preflight).answer())
                        .startsWith("HTTP/1.1 204")
                        .containsIgnoringCase("access-control-allow-headers: authorization");
            }
        }
    }

    @Test
    void aRefusedUploadIsNotRead() throws Exception {
        try (var server = serve("http.body-memory=1MiB")) {
            var refused = server.postBytes(INFER, new byte[900_000], bearer("nope"));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(server.postBytes(INFER, ROW, bearer(shop)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aChangedFileIsFollowedAndABrokenOneChangesNothing() throws Exception {
        try (var server = serve()) {
            var added = key("added", "predict");
            eventually(() -> server.postBytes(INFER, ROW, bearer(added)).statusCode() == 200);
            Files.writeString(keys.path(), "- nonsense\n");
            Files.setLastModifiedTime(keys.path(), FileTime.from(Instant.now().plusSeconds(5)));
            var other = key2();
            assertThat(server.postBytes(INFER, ROW, bearer(added)).statusCode()).isEqualTo(200);
            Files.move(other.path(), keys.path(), StandardCopyOption.REPLACE_EXISTING);
            eventually(() -> server.postBytes(INFER, ROW, bearer(added)).statusCode() == 401);
        }
    }

    private KeyFile key2() throws Exception {
        var file = new KeyFile(folder.resolve("others.yaml"));
        var unused = file.create(new Principal("other", Grants.ALL), null);
        return file;
    }

    @Test
    void doesNotStartWithoutTheFileItIsToldOf() {
        assertThatThrownBy(() -> TestServer.start("access.keys=" + folder.resolve("none.yaml")))
                .hasMessageContaining("none.yaml (access.keys) is not there; ./run.sh key create makes it");
    }

    @Test
    void tokensAreCheckedByAKeySetOfTheWebThatIsNotAskedForEach(Vertx vertx) throws Exception {
        var issuer = new Tokens();
        var asked = new AtomicInteger();
        var web = await(vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    request.response().end(issuer.jwks().encode());
                })
                .listen(0, "127.0.0.1"));
        var claims = new JsonObject()
                .put("sub", "https://issuer/users/7")
                .put("scope", "predict")
                .put("exp", Instant.now().getEpochSecond() + 600);
        try (var server = serve("access.jwt.jwks=http://127.0.0.1:" + web.actualPort() + "/keys")) {
            for (String algorithm : List.of("RS256", "ES256", "PS256")) {
                var token = issuer.sign(algorithm, claims);
                assertThat(server.postBytes(INFER, ROW, bearer(token)).statusCode())
                        .as(algorithm)
                        .isEqualTo(200);
                assertThat(server.postBytes(INFER, ROW, bearer(token)).statusCode())
                        .isEqualTo(200);
            }
            assertThat(server.postBytes(INFER, large(), bearer(issuer.sign("ES256", claims.put("jti", "1"))))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.postBytes(INFER, ROW, bearer(shop)).statusCode()).isEqualTo(200);
            for (int i = 0; i < 50; i++) { // key ids that nobody knows
                assertThat(server.postBytes(INFER, ROW, bearer(new Tokens().sign("ES256", claims)))
                                .statusCode())
                        .isEqualTo(401);
            }
            assertThat(asked.get()).isEqualTo(1);
            eventually(() -> server.records().size() == 8);
            assertThat(server.records().get(0).getString("principal")).isEqualTo("https://issuer/users/7");
        }
    }

    /** More than one read gives, so that some of it is there while the token is checked. */
    private static byte[] large() {
        return (new String(ROW, StandardCharsets.UTF_8) + " ".repeat(1_000_000)).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anIssuerThatIsAwayKeepsNoServerFromStarting() throws Exception {
        var token = new Tokens()
                .sign(
                        "RS256",
                        new JsonObject()
                                .put("sub", "a")
                                .put("exp", Instant.now().getEpochSecond() + 600));
        try (var server = serve("access.jwt.jwks=http://127.0.0.1:9/keys")) {
            assertThat(server.postBytes(INFER, ROW, bearer(token)).statusCode()).isEqualTo(503);
            assertThat(server.postBytes(INFER, ROW, bearer(shop)).statusCode()).isEqualTo(200);
        }
    }
}
