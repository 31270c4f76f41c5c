package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.metrics.Meters;
import dev.augur.request.BodyMemory;
import dev.augur.testkit.RawClient;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that come with the server, served to browsers: those on the list, and no others. */
@ExtendWith(VertxExtension.class)
class BundledFilesTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final BundledFiles CONTENTS = new BundledFiles();
    private static final List<BundledFile> FILES = BundledFile.own("bundled", "page.html", "deep/script.js", "dot.png");

    private static int port;

    @BeforeAll
    static void serve(Vertx vertx) throws Exception {
        assertThat(await(vertx.deployVerticle(new Serving()))).isNotNull();
    }

    /** Nothing but the two kinds of routes, on an event loop of its own. */
    private static final class Serving extends VerticleBase {
        @Override
        public Future<?> start() {
            var connections = new Connections(10, Duration.ofMinutes(1), null);
            var outlet = new Outlet(BodyMemory.ofAnswers(1 << 20), Duration.ofSeconds(10), connections);
            var router = Router.router(vertx);
            router.route()
                    .handler(ctx -> {
                        Exchange.begin(ctx, BodyMemory.ofRequests(1 << 20), outlet);
                        ctx.next();
                    })
                    .failureHandler(new FailureHandler(new Meters()));
            var shelf = new FileHandler.Shelf(CONTENTS, new WorkerPool(vertx, "files", 1, 10));
            for (var endpoint : List.of(shelf.page("/", FILES.get(0)), shelf.folder("/files", FILES))) {
                var route = router.route(endpoint.path());
                endpoint.methods().forEach(route::method);
                endpoint.handlers().forEach(route::handler);
            }
            return vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0, "localhost")
                    .onSuccess(listening -> port = listening.actualPort());
        }
    }

    @Test
    void aPageHasItsTypeAndAPolicy() throws Exception {
        for (String path : List.of("/", "/files/page.html")) {
            var answer = get(path);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
            assertThat(answer.headers().firstValue("content-security-policy"))
                    .contains("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
            assertThat(answer.headers().firstValue("cache-control")).contains("no-cache");
            assertThat(text(answer)).startsWith("<!doctype html>");
        }
    }

    @Test
    void otherFilesHaveTheirTypes() throws Exception {
        var script = get("/files/deep/script.js");
        assertThat(script.headers().firstValue("content-type")).contains("text/javascript; charset=utf-8");
        assertThat(script.headers().firstValue("content-security-policy")).isEmpty();
        var picture = get("/files/dot.png", "Accept-Encoding", "gzip");
        assertThat(picture.headers().firstValue("content-type")).contains("image/png");
        assertThat(picture.headers().firstValue("content-encoding")).isEmpty();
        assertThat(picture.body()).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void whoHasAFileIsToldThatItIsTheSame() throws Exception {
        var plain = tag(get("/files/deep/script.js"));
        var packed = tag(get("/files/deep/script.js", "Accept-Encoding", "gzip"));
        assertThat(plain).startsWith("\"").endsWith("\"").isNotEqualTo(packed);
        for (String known : List.of(plain, "\"other\", W/" + plain, "*")) {
            var same = get("/files/deep/script.js", "If-None-Match", known);
            assertThat(same.statusCode()).isEqualTo(304);
            assertThat(same.body()).isEmpty();
            assertThat(tag(same)).isEqualTo(plain);
            assertThat(same.headers().firstValue("content-type")).isEmpty();
        }
        assertThat(get("/files/deep/script.js", "If-None-Match", packed).statusCode())
                .isEqualTo(200);
        assertThat(get("/files/page.html", "If-None-Match", plain).statusCode()).isEqualTo(200);
    }

    @Test
    void aTextIsPackedForThoseWhoUnpackIt() throws Exception {
        var packed = get("/files/deep/script.js", "Accept-Encoding", "br, gzip;q=0.5");
        assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(packed.headers().allValues("vary")).contains("accept-encoding");
        byte[] plain = get("/files/deep/script.js").body();
        assertThat(packed.body()).hasSizeLessThan(plain.length);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(in.readAllBytes()).isEqualTo(plain);
        }
    }

    @Test
    void headHasTheHeadersAndNoBody() throws Exception {
        var head = CLIENT.send(
                request("/files/deep/script.js")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        var whole = get("/files/deep/script.js");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(tag(head)).isEqualTo(tag(whole));
        assertThat(head.headers().firstValueAsLong("content-length")).hasValue(whole.body().length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/files",
                "/files/",
                "/files/deep",
                "/files/other.js",
                "/files/dot.PNG",
                "/files/../logback.xml",
                "/files/deep/../../logback.xml",
                "/files/..%2flogback.xml",
                "/files/%2e%2e/logback.xml",
                "/files/%2e%2e%2flogback.xml",
                "/files/..%5clogback.xml",
                "/files/deep%2fscript.js",
                "/files//deep/script.js%00.html",
                "/files/%252e%252e/logback.xml",
            })
    void whatIsNotOnTheListIsNotThere(String target) throws Exception {
        try (var client = new RawClient(port)) {
            var answer = client.send("GET " + target + " HTTP/1.1\r\nHost: t\r\n\r\n")
                    .answer();
            assertThat(answer).startsWith("HTTP/1.1 404").doesNotContain("configuration");
        }
    }

    @Test
    void aFileThatIsNotThereIsNoticedWhenItIsListed() {
        assertThatThrownBy(() -> BundledFile.own("bundled", "nothing.html"))
                .hasMessage("there is no /bundled/nothing.html on the class path");
        assertThatThrownBy(() -> BundledFile.own("bundled", "page.exe")).hasMessageContaining("no content type");
        assertThatThrownBy(() -> WebJar.of("org.webjars", "nothing"))
                .hasMessage("the library org.webjars:nothing is not on the class path");
    }

    private static String text(HttpResponse<byte[]> answer) {
        return Buffer.buffer(answer.body()).toString();
    }

    private static String tag(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("etag").orElseThrow();
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        var request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .version(HttpClient.Version.HTTP_1_1);
    }
}
