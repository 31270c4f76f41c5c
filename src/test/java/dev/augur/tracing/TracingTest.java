package dev.augur.tracing;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.augur.Server;
import dev.augur.config.ConfigLoader;
import dev.augur.http.Entrance;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets, over HTTP, of the requests of a server. */
@ExtendWith(VertxExtension.class)
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String IRIS =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}]}";

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Vertx vertx;
    private Tracing tracing;
    private Server server;

    @TempDir
    Path directory;

    private record Span(String trace, String id, String parent, String name) {}

    @BeforeEach
    void start(Vertx collector) throws Exception {
        var http = await(collector
                .createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    spans.addAll(spans(body.getBytes()));
                    request.response().end();
                }))
                .listen(0, "127.0.0.1"));
        tracing = Tracing.start(
                "1",
                Map.of(
                        "otel.exporter.otlp.endpoint",
                        "http://127.0.0.1:" + http.actualPort(),
                        "otel.bsp.schedule.delay",
                        "100"));
        vertx = tracing.into(Entrance.build(tracing.into(Vertx.builder())));
        var config = ConfigLoader.load(
                Map.of(), Map.of("http.port", "0", "data.directory", directory.toString(), "tracing.enabled", "true"));
        server = await(Server.start(vertx, config));
    }

    @AfterEach
    void stop() throws Exception {
        await(server.stop());
        await(vertx.close());
        tracing.close();
    }

    @Test
    void aRequestAndItsStagesAreSpansOfItsClientsTrace() throws Exception {
        assertThat(post("/v2/models/iris/infer", IRIS, "01")).isEqualTo(200);
        eventually(() -> names().containsAll(List.of("queue", "predict", "encode", "answer", "record")));
        var request = one("POST /v2/models/:model/infer");
        assertThat(request.trace()).isEqualTo(TRACE);
        assertThat(request.parent()).isEqualTo(PARENT);
        for (String stage : List.of("queue", "predict", "encode", "answer", "record")) {
            assertThat(one(stage).trace()).as(stage).isEqualTo(TRACE);
            assertThat(one(stage).parent()).as(stage).isEqualTo(request.id());
        }
    }

    @Test
    void aPipelineHasItsFetch() throws Exception {
        assertThat(post("/predict/wine", "{\"item_id\":43}", "01")).isEqualTo(200);
        eventually(() -> names().containsAll(List.of("fetch", "queue", "predict", "record")));
        assertThat(one("fetch").parent())
                .isEqualTo(one("POST /predict/:pipeline").id());
    }

    @Test
    void whatItsClientDoesNotKeepIsNotSent() throws Exception {
        assertThat(post("/v2/models/iris/infer", IRIS, "00")).isEqualTo(200);
        assertThat(post("/predict/wine", "{\"item_id\":43}", "01")).isEqualTo(200);
        eventually(() -> names().contains("fetch"));
        assertThat(names()).doesNotContain("POST /v2/models/:model/infer");
    }

    @Test
    void aVariableThatCannotBeUnderstoodIsNamed() {
        assertThatThrownBy(() -> Tracing.start("1", Map.of("otel.bsp.schedule.delay", "soon")))
                .hasMessageContaining("otel.bsp.schedule.delay")
                .hasMessageContaining("soon");
    }

    private int post(String path, String body, String flags) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.url().orElseThrow() + path))
                .header("Content-Type", "application/json")
                .header("traceparent", "00-" + TRACE + "-" + PARENT + "-" + flags)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private List<String> names() {
        return spans.stream().map(Span::name).toList();
    }

    private Span one(String name) {
        var found = spans.stream().filter(span -> span.name().equals(name)).toList();
        assertThat(found).as(name + " in " + names()).hasSize(1);
        return found.get(0);
    }

    /** Of an ExportTraceServiceRequest of OTLP, by the numbers of its fields. */
    private static List<Span> spans(byte[] request) {
        return inside(parse(ByteString.copyFrom(request)), 1).stream()
                .flatMap(resource -> inside(resource, 2).stream())
                .flatMap(scope -> inside(scope, 2).stream())
                .map(span -> new Span(hex(span, 1), hex(span, 2), hex(span, 4), text(span, 5)))
                .toList();
    }

    private static List<UnknownFieldSet> inside(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream()
                .map(TracingTest::parse)
                .toList();
    }

    private static UnknownFieldSet parse(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String hex(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream()
                .map(bytes -> HexFormat.of().formatHex(bytes.toByteArray()))
                .findFirst()
                .orElse("");
    }

    private static String text(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().get(0).toString(StandardCharsets.UTF_8);
    }
}
