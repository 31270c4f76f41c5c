package dev.augur.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Open Inference Protocol v2 as pairs of requests and answers, one file each under
 * {@code src/test/resources/contract}; what a file may hold is in {@link GoldenExchange} and {@link JsonPattern}.
 */
class ProtocolTest {
    private static final Path FILES = Path.of("src", "test", "resources", "contract");
    private static final String JSON_LENGTH = "inference-header-content-length";

    /** Named here and not all there are, so that the repository index in the files stays as it is. */
    private static final List<String> MODELS = List.of(
            "breast_cancer",
            "broken_nan",
            "broken_not_onnx",
            "broken_slow",
            "cast_uint8",
            "doubler_f64",
            "fixed_batch",
            "iris",
            "iris_mixed",
            "rank0",
            "string_lookup",
            "wine_strings",
            "wine_zipmap");

    private static TestServer server;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        var all = Rows.repository();
        try (Stream<Path> models = Files.list(all)) {
            for (Path model : models.toList()) {
                var name = String.valueOf(model.getFileName());
                if (!MODELS.contains(name) && !name.startsWith("echo_")) {
                    Files.move(model, model.resolveSibling("." + name)); // hidden folders are no models
                }
            }
        }
        server = TestServer.start("models.repository=" + all, "http.max-inference-body=256KiB");
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.map(Path::getFileName).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void answersAsWritten(Path file) throws Exception {
        var exchanges =
                JsonPattern.MAPPER.readTree(FILES.resolve(file).toFile()).get("exchanges");
        assertThat(exchanges).isNotEmpty();
        for (JsonNode each : exchanges) {
            var golden = GoldenExchange.of(each);
            check(golden, client.send(request(golden), HttpResponse.BodyHandlers.ofByteArray()));
        }
    }

    @Test
    void everyRouteOfTheProtocolIsInAFile() throws Exception {
        var paths = new HashSet<String>();
        for (Path file : files()) {
            JsonPattern.MAPPER
                    .readTree(FILES.resolve(file).toFile())
                    .findParents("path")
                    .forEach(request -> paths.add(request.path("method").asText("GET") + " "
                            + request.get("path").asText()));
        }
        assertThat(server.server().routes())
                .filteredOn(route -> route.contains(" /v2"))
                .isNotEmpty()
                .allSatisfy(route -> assertThat(paths)
                        .anyMatch(
                                path -> path.matches(route.replaceAll(" +", " ").replaceAll("\\{[a-z]+}", "[^/]+"))));
    }

    private static HttpRequest request(GoldenExchange golden) throws IOException {
        var builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + golden.path()))
                .version(HttpClient.Version.HTTP_1_1)
                .method(golden.method(), HttpRequest.BodyPublishers.ofByteArray(golden.body()));
        golden.headers().forEach(builder::header);
        return builder.build();
    }

    private static void check(GoldenExchange golden, HttpResponse<byte[]> answer) throws IOException {
        var place = golden.method() + " " + golden.path() + ": " + new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(place).isEqualTo(golden.status());
        golden.answerHeaders()
                .forEach((name, value) -> assertThat(answer.headers().allValues(name))
                        .as(place + " " + name)
                        .isEqualTo(value.isEmpty() ? List.of() : List.of(value)));
        byte[] plain = GoldenExchange.plain(answer.body(), answer.headers().firstValue("content-encoding"));
        int jsonBytes =
                answer.headers().firstValue(JSON_LENGTH).map(Integer::parseInt).orElse(plain.length);
        if (golden.json().isEmpty()) {
            assertThat(plain).as(place).isEmpty();
            return;
        }
        var json = JsonPattern.MAPPER.readTree(Arrays.copyOf(plain, jsonBytes));
        assertThat(JsonPattern.differences(golden.json().get(), json, golden.tolerance()))
                .as(place)
                .isEmpty();
        assertThat(Base64.getEncoder().encodeToString(Arrays.copyOfRange(plain, jsonBytes, plain.length)))
                .as(place)
                .isEqualTo(golden.tensors());
    }
}
