package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages name each setting that the code reads, at the default that it has there, and no other. */
class SettingsPageTest {
    private static final Path DOCS = Path.of("src", "docs");
    private static final String LOOKUP = "lookup";

    @Test
    void theTableHasEveryKeyThatIsRead() throws IOException {
        assertThat(documented(
                        "SETTINGS.md",
                        "roles|access|pipelines|feature-stores|([a-z-]+|<[a-z]+>)(\\.([a-z0-9-]+|<[a-z]+>))+"))
                .isEqualTo(keys().stream()
                        .filter(key -> !key.startsWith("feature-stores."))
                        .filter(key -> !key.startsWith("models.by-name.*") && !key.startsWith("models.groups.*"))
                        .filter(key -> !key.endsWith(".*"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void theTableHasTheDefaultsOfTheCode() throws IOException {
        var settings = byKey(Settings.all("timer"), "");
        for (var row : Markdown.read(DOCS.resolve("SETTINGS.md")).rows()) {
            for (String key : Markdown.codes(row.get(0))) {
                var setting = settings.get(key.replaceAll("<[a-z]+>", "*"));
                if (setting != null) {
                    assertDefault(setting, row.get(1));
                }
            }
        }
    }

    /** What stands there below names of one's own is told in comments. */
    @Test
    void theShippedFileTellsTheDefaultsOfPipelines() throws IOException {
        var comments = Files.readAllLines(Path.of("conf", "augur.yaml")).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.substring(1).strip())
                .collect(Collectors.joining(" "));
        byKey(Settings.all("timer"), "pipelines.*.").forEach((key, setting) -> {
            boolean told = Pattern.compile("\\b" + key + " [^()]*\\(" + Pattern.quote(setting.defaultText()) + "[;)]")
                    .matcher(comments)
                    .find();
            boolean nothing = Set.of("", "none", "{}", Setting.REQUIRED).contains(setting.defaultText());
            assertThat(told || nothing || comments.contains(key + "  " + setting.defaultText() + ":"))
                    .as("%s (%s)", key, setting.defaultText())
                    .isTrue();
        });
    }

    /** Each kind has a table, and so has what stands in front of all. */
    @Test
    void theTablesOfStoresHaveEveryKeyAtItsDefault() throws IOException {
        var rows = Markdown.read(DOCS.resolve("STORES.md")).rowsByHeading();
        for (String kind : FeatureStores.ofClassPath().names()) {
            var settings = byKey(Settings.all(kind), "feature-stores.*.");
            settings.keySet().removeIf(key -> key.equals("kind") || key.startsWith(LOOKUP + "."));
            assertTable(rows.get(kind), settings);
            assertTable(rows.get(LOOKUP), byKey(Settings.all(kind), "feature-stores.*." + LOOKUP + "."));
        }
    }

    /** A row may have several settings, with a default for each. */
    private static void assertTable(List<List<String>> rows, Map<String, Setting> settings) {
        var documented = new TreeSet<String>();
        for (var row : rows) {
            var keys = Markdown.codes(row.get(0));
            var defaults = row.get(1).split(", ");
            for (int i = 0; i < keys.size(); i++) {
                documented.add(keys.get(i));
                if (settings.containsKey(keys.get(i)) && !row.get(1).equals("as above")) {
                    assertDefault(settings.get(keys.get(i)), defaults.length == keys.size() ? defaults[i] : row.get(1));
                }
            }
        }
        documented.remove("setting");
        assertThat(documented).isEqualTo(settings.keySet());
    }

    /** One that is nothing may be told in words, or be a path, which is another from the shipped file. */
    private static void assertDefault(Setting setting, String cell) {
        String text = setting.defaultText();
        var codes = Markdown.codes(cell);
        if (text.equals(Setting.REQUIRED)) {
            assertThat(cell).as(setting.key()).isEqualTo("*required*");
        } else if (!Set.of("", "none", "[]", "{}").contains(text)
                && !List.of("data.directory", "models.repository").contains(setting.key())) {
            assertThat(codes).as(setting.key()).hasSize(1);
            assertThat(plain(codes.get(0))).as(setting.key()).isEqualTo(plain(text));
        }
    }

    /** Sizes and times can be written in several ways, and a list of one without its brackets. */
    private static Object plain(String written) {
        String text = written.replaceFirst("^\\[([^,]*)]$", "$1");
        return Stream.of(Units.bytes(text), Units.duration(text))
                .filter(value -> value != null)
                .findFirst()
                .<Object>map(value -> value)
                .orElse(text);
    }

    private static Map<String, Setting> byKey(Collection<Setting> settings, String above) {
        return settings.stream()
                .filter(setting -> setting.key().startsWith(above))
                .collect(Collectors.toMap(
                        setting -> setting.key().substring(above.length()),
                        setting -> setting,
                        (one, other) -> other,
                        TreeMap::new));
    }

    private static Set<String> keys() {
        return Settings.keyPatterns().stream()
                .map(pattern -> pattern.with(List.of("*", "*")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> documented(String page, String form) throws IOException {
        return Markdown.read(DOCS.resolve(page)).rows().stream()
                .flatMap(cells -> Markdown.codes(cells.get(0)).stream())
                .filter(code -> code.matches(form))
                .map(code -> code.replaceAll("<[a-z]+>", "*"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
