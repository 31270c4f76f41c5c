package dev.augur.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.augur.testkit.Markdown;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages say what is: links, settings, routes, files. Their commands are run by {@link DocsCommandsTest}. */
class DocsTest {
    private static final Path DOCS = Path.of("src", "docs");
    private static final int MAX_CHARS = 120;
    private static final Pattern LINE = Pattern.compile("L([0-9]+)");

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void noLineIsLongButThoseOfTables() throws IOException {
        for (Markdown page : Markdown.all()) {
            var tooLong = page.lines().stream()
                    .filter(line -> !line.startsWith("|") && line.length() > MAX_CHARS)
                    .toList();
            assertThat(tooLong).as(page.file().toString()).isEmpty();
        }
    }

    @Test
    void noLineOfTheSettingsIsLong() throws IOException {
        assertThat(Files.readAllLines(Path.of("conf", "augur.yaml")))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(MAX_CHARS));
    }

    @Test
    void everyLinkLeadsToWhatItSays() throws IOException {
        for (Markdown page : Markdown.all()) {
            for (var link : page.links()) {
                if (!link.target().contains(":")) {
                    check(page, link);
                }
            }
        }
    }

    /** A link to a line of code has to show a line that holds what stands as code in the link's text. */
    private static void check(Markdown page, Markdown.Link link) throws IOException {
        String says = page.file() + ": " + link;
        String[] parts = link.target().split("#", 2);
        var file = parts[0].isEmpty()
                ? page.file()
                : page.file().resolveSibling(parts[0]).normalize();
        assertThat(file).as(says).exists();
        if (parts.length == 1) {
            return;
        }
        var line = LINE.matcher(parts[1]);
        if (!line.matches()) {
            assertThat(Markdown.read(file).anchors()).as(says).contains(parts[1]);
            return;
        }
        assertThat(link.codes()).as(says + " names what is in the line").isNotEmpty();
        var lines = Files.readAllLines(file);
        int number = Integer.parseInt(line.group(1));
        assertThat(number).as(says).isLessThanOrEqualTo(lines.size());
        assertThat(lines.get(number - 1)).as(says).contains(link.codes());
    }

    @Test
    void theTableOfSettingsIsThatOfTheShippedFile() throws IOException {
        var documented = new TreeMap<String, String>();
        for (var cells : Markdown.read(DOCS.resolve("SETTINGS.md")).rows()) {
            var keys = Markdown.codes(cells.get(0));
            if (keys.size() == 1 && keys.get(0).matches("roles|[a-z-]+\\.[a-z0-9.-]+")) {
                assertThat(documented.put(
                                keys.get(0), Markdown.codes(cells.get(1)).get(0)))
                        .as("%s stands twice", keys)
                        .isNull();
            }
        }
        var shipped = new TreeMap<String, String>();
        flatten("", new YAMLMapper().readTree(Path.of("conf", "augur.yaml").toFile()), shipped);
        assertThat(documented).isEqualTo(shipped);
    }

    @Test
    void everyAlertIsInTheRunbook() throws IOException {
        var rules = Pattern.compile("- alert: (\\w+)")
                .matcher(Files.readString(Path.of("conf", "grafana", "alerts.yaml")))
                .results()
                .map(rule -> rule.group(1))
                .toList();
        var rows = Markdown.read(DOCS.resolve("OPERATIONS.md")).rows().stream()
                .flatMap(cells -> Markdown.codes(cells.get(0)).stream())
                .filter(code -> code.startsWith("Augur"))
                .toList();
        assertThat(rules).isNotEmpty();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(rules);
    }

    @Test
    void everyRouteIsDescribed() throws Exception {
        var documented = new TreeSet<String>();
        for (var cells : Markdown.read(DOCS.resolve("ROUTES.md")).rows()) {
            documented.addAll(Markdown.codes(cells.get(0)).stream()
                    .filter(code -> code.matches("(GET|POST) .*"))
                    .toList());
        }
        var served = new TreeSet<String>();
        try (var server = TestServer.start(UnaryOperator.identity())) {
            server.server()
                    .routes()
                    .forEach(route ->
                            served.add(route.replace("/versions/{version}", "").replaceAll(" +", " ")));
        }
        assertThat(documented).isEqualTo(served);
    }

    @Test
    void theTutorialsCodeIsTheRealOne() throws IOException {
        var snippets = Markdown.read(Path.of("README.md")).blocks().stream()
                .filter(block -> block.text().startsWith("// POST /predict_sync"))
                .flatMap(block -> Stream.of(block.text().split("(?m)^// .*\n")))
                .map(snippet -> snippet.replaceAll("\\s+", " ").strip())
                .filter(snippet -> !snippet.isEmpty())
                .toList();
        var tutorial = Files.readString(Path.of("src", "main", "java", "dev", "augur", "demo", "Tutorial.java"));
        assertThat(snippets).hasSize(4);
        assertThat(snippets).allSatisfy(snippet -> assertThat(tutorial.replaceAll("\\s+", " "))
                .contains(snippet));
    }

    @Test
    void everyFileThatTheTourNamesIsThere() throws IOException {
        var sources = Path.of("src", "main", "java", "dev", "augur");
        var page = Markdown.read(DOCS.resolve("ARCHITECTURE.md"));
        var files = Markdown.codes(String.join("\n", page.prose())).stream()
                .filter(code -> code.endsWith(".java"))
                .toList();
        assertThat(files).hasSizeGreaterThan(20);
        assertThat(files).allSatisfy(file -> assertThat(sources.resolve(file)).exists());
    }

    @Test
    void everyFileThatACardOfAModelNamesIsThere() throws IOException {
        try (var cards = Files.walk(Path.of("conf", "models")).filter(file -> file.endsWith("README.md"))) {
            var files = cards.flatMap(DocsTest::codes)
                    .filter(code -> code.matches("(conf|src)/.*"))
                    .toList();
            assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(Path.of(file))
                    .exists());
        }
    }

    private static Stream<String> codes(Path page) {
        try {
            return Markdown.codes(Files.readString(page)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyVariableThatIsReadIsDescribed() throws IOException {
        var read = Pattern.compile("\\$\\{([A-Z_]+):-?")
                .matcher(Files.readString(Path.of("run.sh"))
                        + Files.readString(Path.of("src", "main", "resources", "logback.xml")))
                .results()
                .map(variable -> variable.group(1))
                .filter(name -> !List.of("HOME", "LC_ALL", "BASH_SOURCE").contains(name))
                .toList();
        assertThat(read).contains("JAVA_OPTS", "AUGUR_LOG_LEVEL");
        assertThat(Markdown.codes(Files.readString(DOCS.resolve("SETTINGS.md"))))
                .containsAll(read);
        assertThat(Files.readString(Path.of("README.md"))).contains("JAVA_OPTS", "AUGUR_LOG_LEVEL");
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
