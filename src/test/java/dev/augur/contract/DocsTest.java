package dev.augur.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README says what is. */
class DocsTest {
    private static final Path README = Path.of("README.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThan(200);
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (var matcher = LINK.matcher(Files.readString(README)); matcher.find(); ) {
            assertThat(Path.of(matcher.group(1))).exists();
        }
    }

    @Test
    void theTableOfSettingsIsThatOfTheShippedFile() throws IOException {
        var documented = new TreeMap<String, String>();
        for (String line : Files.readAllLines(README)) {
            var cells = line.split("\\|", -1);
            if (cells.length == 5 && cells[1].matches(" `(roles|[a-z-]+\\.[a-z-]+).*")) {
                var keys = codes(cells[1]);
                var defaults = codes(cells[2]);
                assertThat(defaults).as(line).hasSameSizeAs(keys);
                for (int i = 0; i < keys.size(); i++) {
                    documented.put(keys.get(i), defaults.get(i));
                }
            }
        }
        var shipped = new TreeMap<String, String>();
        flatten("", new YAMLMapper().readTree(Path.of("conf", "augur.yaml").toFile()), shipped);
        assertThat(documented).isEqualTo(shipped);
    }

    @Test
    void itsRequestsAreAnsweredAsItSays() throws Exception {
        var blocks = codeBlocks();
        int asked = 0;
        try (var server = TestServer.start()) {
            for (int i = 0; i < blocks.size(); i++) {
                if (blocks.get(i).startsWith("curl ")) {
                    var command = blocks.get(i).replaceAll("(127.0.0.1|localhost):8000", "127.0.0.1:" + server.port());
                    var answer = run(command).replaceAll("\"record_id\":\"[^\"]*\"", "\"record_id\":\"…\"");
                    assertThat(answer).as(command).isEqualTo(blocks.get(i + 1));
                    asked++;
                }
            }
        }
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void itsCallOfTheEventBusIsOneThatIsMade() throws IOException {
        var call = Pattern.compile("`vertx.eventBus\\(\\)\\.request([^`]+)`").matcher(Files.readString(README));
        assertThat(call.find()).isTrue();
        assertThat(Files.readString(Path.of("src", "test", "java", "dev", "augur", "EmbeddingTest.java")))
                .contains("request" + call.group(1));
    }

    @Test
    void itNamesEveryRoute() throws Exception {
        String text = Files.readString(README);
        try (var server = TestServer.start()) {
            for (String route : server.server().routes()) {
                var path = route.substring(route.indexOf('/'))
                        .replace("/versions/{version}", "")
                        .replace("/v2/models/{model}/ready", "…/ready")
                        .replace("/v2/models/{model}/stats", "…/stats");
                assertThat(text.replace("[/versions/{version}]", "")).contains(path);
            }
        }
    }

    private static String run(String command) throws Exception {
        var process = new ProcessBuilder("bash", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("exit code; is curl installed?").isZero();
        return answer;
    }

    private static List<String> codeBlocks() throws IOException {
        var parts = Files.readString(README).split("```[a-z]*\n", -1);
        var blocks = new ArrayList<String>();
        for (int i = 1; i < parts.length; i += 2) {
            blocks.add(parts[i].strip());
        }
        return blocks;
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(match -> match.group(1)).toList();
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> values) {
        node.fields().forEachRemaining(field -> {
            if (List.of("feature-stores", "pipelines").contains(field.getKey())) {
                return; // what they hold is chosen by the operator
            }
            if (field.getValue().isObject() && !field.getValue().isEmpty()) {
                flatten(prefix + field.getKey() + ".", field.getValue(), values);
            } else {
                values.put(prefix + field.getKey(), shown(field.getValue()));
            }
        });
    }

    private static String shown(JsonNode value) {
        if (!value.isArray()) {
            return value.isObject() ? value.toString() : value.asText();
        }
        var elements = new ArrayList<String>();
        value.forEach(element -> elements.add(element.asText()));
        return elements.toString();
    }
}
