package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of each kind of feature store. */
class StoreSettingsTest {
    private static final Path DOCUMENT = Path.of("src", "docs", "STORES.md");
    private static final String SQL = "kind: sql, host: h, database: d, user: u, table: t, key-column: k";
    private static final String REDIS = "kind: redis, host: h, key-template: 'w:{id}'";
    private static final String HTTP = "kind: http, url: 'http://h/{id}'";

    @TempDir
    Path folder;

    @Test
    void everyExampleOfTheDocumentIsAllowedAndThereIsOneOfEachKind() throws Exception {
        var examples = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT))
                .results()
                .map(match -> match.group(1))
                .toList();
        Files.writeString(Files.createDirectory(folder.resolve("secrets")).resolve("wine"), "open sesame\n");
        var kinds = new TreeSet<String>();
        for (String example : examples) {
            assertThat(load(example, Map.of()).pipelines().stores()).containsOnlyKeys("wine");
            kinds.add(example.replaceAll("(?s).*kind: (\\w+).*", "$1"));
        }
        assertThat(kinds).isEqualTo(new TreeSet<>(FeatureStores.ofClassPath().names()));
    }

    @Test
    void theDocumentNamesEverySetting() throws Exception {
        String document = Files.readString(DOCUMENT);
        for (String store : List.of(SQL, REDIS, HTTP, "kind: timer", "kind: csv, path: p, key-column: k")) {
            var reader = new ConfigReader(new ConfigSource("test", yaml(store), Map.of()));
            assertThat(PipelineSettings.read(reader).stores()).hasSize(1);
            var keys = reader.known().stream()
                    .filter(key -> key.startsWith("feature-stores.s."))
                    .map(key -> key.replaceFirst("feature-stores\\.s\\.(lookup\\.)?", ""))
                    .filter(key -> !key.equals("kind"))
                    .toList();
            assertThat(keys).hasSizeGreaterThan(15).allSatisfy(key -> assertThat(document)
                    .contains("`" + key + "`"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    kind: sql                                     | host: has to be there
                    kind: sql                                     | query: expected either table and key-column (and columns), or query
                    {sql}, query: 'SELECT 1'                      | query: expected either
                    {sql}, port: 0                                | port: 0 is not allowed, expected an integer from 1 to 65535
                    {sql}, ssl-mode: verify-full                  | ssl-mode: ssl mode VERIFY_FULL needs the file of an authority
                    {sql}, ssl-mode: perhaps                      | ssl-mode: "perhaps" is not allowed, expected one of disable, allow,
                    {sql}, ca-file: no/such.pem                   | ca-file: "{folder}/no/such.pem" cannot be read
                    {sql}, columns: [a, '']                       | table: "" is no name
                    {sql}, password-file: no/such                 | password-file: "{folder}/no/such" cannot be read: NoSuchFileException
                    {sql}, password-file: /dev/null               | password-file: "/dev/null" is empty
                    {sql}, password-file: /dev/zero               | password-file: "/dev/zero" has more than 65536 bytes
                    {sql}, fetch-timeout: 0s                      | fetch-timeout: "0s" is not allowed
                    {sql}, passwort: x                            | passwort: unknown setting
                    kind: redis, host: 'a b/c', key-template: w   | host: expected the name or the address of a machine
                    kind: redis, host: h, key-template: w         | key-template: key template "w" must have {id} once
                    {redis}, user: u                              | user: expected a password or a password-file for this user
                    {redis}, fields: {a: float}                   | fields: "float" is not allowed for "a", expected one of [boolean, double,
                    {http}, pointers: {a: b}                      | pointers: "b" is no JSON pointer: it must begin with /
                    {http}, max-keys: 2                           | max-keys: unknown setting
                    {http}, headers: {'a b': c}                   | headers: "a b" or its value is not allowed in a header of HTTP
                    {http}, header-files: {Authorization: none}   | header-files: "{folder}/none" cannot be read
                    kind: timer, delay: 1h                        | delay: "1h" is not allowed
                    """)
    void tellsWhatIsWrong(String store, String problem) throws Exception {
        String whole = store.replace("{sql}", SQL).replace("{redis}", REDIS).replace("{http}", HTTP);
        assertThat(problems(whole, Map.of()))
                .anyMatch(found ->
                        found.contains(": feature-stores.s." + problem.replace("{folder}", folder.toString())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {sql}, password: 1234567
                    {sql}, password: [hunter2]
                    {sql}, password: hunter2, password-file: {secret}
                    {redis}, password: {is: hunter2}
                    {http}, headers: {Authorization: [[hunter2]]}
                    {http}, headers: "hunter2"
                    {http}, headers: {Authorization: "hunter2\\n"}
                    kind: http, url: 'http://u:hunter2@h/{id}'
                    kind: http, url: 'http://h/?token=hunter2'
                    """)
    void noProblemShowsASecret(String store) throws Exception {
        String whole = store.replace("{sql}", SQL)
                .replace("{redis}", REDIS)
                .replace("{http}", HTTP)
                .replace(
                        "{secret}",
                        Path.of("src/test/resources/stores/password")
                                .toAbsolutePath()
                                .toString());
        assertThat(problems(whole, Map.of()))
                .isNotEmpty()
                .noneMatch(problem -> problem.contains("hunter2"))
                .noneMatch(problem -> problem.contains("1234567"))
                .noneMatch(problem -> problem.contains("open sesame"));
    }

    @Test
    void aFlagOverridesASecretAndDoesNotShowItEither() throws Exception {
        assertThat(load("feature-stores:\n  s: {" + SQL + "}\n", Map.of("feature-stores.s.password", "hunter2"))
                        .toString())
                .doesNotContain("hunter2");
        assertThat(problems(SQL, Map.of("feature-stores.s.password", " ")))
                .containsExactly("command line: feature-stores.s.password: the value is not allowed, expected a text");
    }

    @Test
    void versionsAndKeysMayLookLikeNumbers() throws Exception {
        var pipelines = load(
                        "feature-stores:\n  s: {kind: timer, lookup: {probe-key: 43}}\n"
                                + "pipelines:\n  p: {store: s, model: wine, version: 2}\n",
                        Map.of())
                .pipelines();
        assertThat(pipelines.stores().get("s").lookup().probeKey()).isEqualTo(43L);
        assertThat(pipelines.pipelines().get(0).version()).contains("2");
    }

    private List<String> problems(String store, Map<String, String> flags) throws Exception {
        return catchThrowableOfType(ConfigException.class, () -> load("feature-stores:\n  s: {" + store + "}\n", flags))
                .problems();
    }

    private ServerConfig load(String yaml, Map<String, String> flags) throws Exception {
        var all = new HashMap<>(flags);
        all.put("config", Files.writeString(folder.resolve("augur.yaml"), yaml).toString());
        return ConfigLoader.load(Map.of(), all);
    }

    private static JsonNode yaml(String store) throws Exception {
        return new YAMLMapper().readTree("feature-stores: {s: {" + store + "}}");
    }
}
