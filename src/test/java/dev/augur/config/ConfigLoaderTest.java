package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    private static final Path SHIPPED = Path.of("conf", "augur.yaml");

    @TempDir
    Path directory;

    @Test
    void theShippedFileHoldsEveryKeyAtItsDefault() throws IOException {
        var reader = new ConfigReader(ConfigSource.empty());
        Settings.read(reader);
        var keys = new ArrayList<String>();
        keys("", new YAMLMapper().readTree(SHIPPED.toFile()), keys);

        keys.add("access"); // as a whole it may be none
        assertThat(keys).containsExactlyInAnyOrderElementsOf(reader.known());
        var shipped = ConfigLoader.load(Map.of("AUGUR_CONFIG", SHIPPED.toString()), Map.of());
        assertThat(shipped)
                .usingRecursiveComparison()
                .ignoringFields("pipelines") // the demo's, which nobody has by default
                .isEqualTo(ServerConfig.defaults());
        assertThat(shipped.pipelines().stores()).containsOnlyKeys("wine", "breast_cancer");
        assertThat(ServerConfig.defaults().pipelines().pipelines()).isEmpty();
    }

    @Test
    void reportsEveryProblemAtOnce() throws IOException {
        var file = write(
                """
                http:
                  port: 70000
                  hots: x
                  body-timeout: 30
                wrokers: 1
                data: 7
                models:
                  queue: many
                  repository: ""
                roles: [http, cook]
                prediction-log:
                  fsync: perhaps
                """);

        assertThat(problems(file, Map.of("AUGUR_MODELS_WORKERS", "-1"), Map.of("cluster.prot", "1")))
                .containsExactlyInAnyOrder(
                        file + ": http.port: 70000 is not allowed, expected an integer from 0 to 65535",
                        file + ": http.hots: unknown setting",
                        file
                                + ": http.body-timeout: 30 is not allowed, expected a time from 100ms to 3600s with its unit"
                                + " ms, s, m, h or d, such as 30s",
                        file + ": wrokers: unknown setting",
                        file + ": data: expected the settings of this section",
                        file + ": models.queue: \"many\" is not allowed, expected an integer from 0 to 1000000",
                        file + ": models.repository: \"\" is not allowed, expected a path",
                        file
                                + ": roles: [\"http\",\"cook\"] is not allowed, expected one or more of http, predict, log",
                        file + ": prediction-log.fsync: \"perhaps\" is not allowed, expected true or false",
                        "AUGUR_MODELS_WORKERS: models.workers: \"-1\" is not allowed, expected an integer from 0 to 1024",
                        "command line: cluster.prot is not a setting");
    }

    @Test
    void aVariableOverridesTheFileAndAFlagOverridesBoth() throws IOException {
        var file = write("access: none\nhttp: {port: 1, host: 0.0.0.0}\ndata: {directory: a}\n");
        var environment = Map.of(
                "AUGUR_CONFIG", file.toString(), "AUGUR_HTTP_PORT", "2", "AUGUR_DATA_DIRECTORY", "b", "PATH", "x");

        var config = ConfigLoader.load(environment, Map.of("http.port", "3"));

        assertThat(config.http().listener().port()).isEqualTo(3);
        assertThat(config.http().listener().host()).isEqualTo("0.0.0.0");
        assertThat(config.dataDirectory()).isEqualTo(Path.of("b"));
    }

    @Test
    void anAddressThatOthersCanReachNeedsAWordOnWhoMayAsk() throws IOException {
        var open = write("http: {host: 0.0.0.0}\n");
        var file = Map.of("AUGUR_CONFIG", open.toString());
        for (String host : List.of("0.0.0.0", "::", "192.168.1.7", "augur.example", "::ffff:127.0.0.1")) {
            assertThatThrownBy(() -> ConfigLoader.load(file, Map.of("http.host", host)))
                    .hasMessageContaining("other machines can reach " + host + ", so it has to be said who may ask");
        }
        for (String host : List.of("127.0.0.1", "127.9.8.7", "localhost", "::1", "[::1]", "0:0:0:0:0:0:0:1")) {
            assertThat(ConfigLoader.load(file, Map.of("http.host", host))
                            .access()
                            .isChecked())
                    .isFalse();
        }
        assertThat(ConfigLoader.load(file, Map.of("access", "none")).access().open())
                .isTrue();
        assertThat(ConfigLoader.load(file, Map.of("access.keys", "keys.yaml"))
                        .access()
                        .isChecked())
                .isTrue();
    }

    @Test
    void reportsWhatContradictsItselfInAccess() throws IOException {
        var file = write(
                """
                access:
                  keys: keys.yaml
                  jwt:
                    jwks: http://issuer.example/keys
                    secret-file: secret
                    leeway: 2h
                """);
        assertThatThrownBy(() -> ConfigLoader.load(Map.of("AUGUR_CONFIG", file.toString()), Map.of("access", "none")))
                .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(String.join("\n", e.problems()))
                        .contains("access: none, but access.keys, access.jwt or access.certificates is set too")
                        .contains("access.jwt: jwks and secret-file exclude each other")
                        .contains("access.jwt.leeway: \"2h\" is not allowed"));
        var word = write("access: open\n");
        assertThatThrownBy(() -> ConfigLoader.load(Map.of("AUGUR_CONFIG", word.toString()), Map.of()))
                .hasMessageContaining(
                        "access: \"open\" is not allowed, expected none, or the settings of this section");
        assertThatThrownBy(() -> ConfigLoader.load(Map.of(), Map.of("access.jwt.jwks", "http://issuer.example/keys")))
                .hasMessageContaining("expected https://");
        assertThatThrownBy(() -> ConfigLoader.load(Map.of(), Map.of("access.jwt.issuer", "me")))
                .hasMessageContaining("expected jwks or secret-file");
    }

    @Test
    void namesVariablesThatOverrideNothing() {
        assertThat(ConfigLoader.unknownVariables(
                        Map.of("AUGUR_HTTP_PROT", "1", "AUGUR_HTTP_PORT", "1", "AUGUR_CONFIG", "x", "HOME", "y")))
                .containsExactly("AUGUR_HTTP_PROT");
    }

    @Test
    void saysWhereAFileIsNoYaml() throws IOException {
        var file = write("http:\n  port: [1\n");
        assertThat(problems(file, Map.of(), Map.of()))
                .singleElement()
                .asString()
                .startsWith(file + ": line 2, column 11: not valid YAML");
    }

    @Test
    void refusesAKeyGivenTwice() throws IOException {
        assertThat(problems(write("http: {port: 1, port: 2}\n"), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("port");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        var missing = directory.resolve("missing.yaml");
        assertThat(problems(missing, Map.of(), Map.of()))
                .singleElement()
                .asString()
                .startsWith(missing + ": cannot be read");
    }

    @Test
    void aModelHasTheSettingsOfAllUnlessItHasItsOwn() throws IOException {
        var file = write("models:\n  versions: [1, 3]\n  queue: 7\n  groups: {vision: {workers: 1}}\n"
                + "  by-name: {digits: {group: vision, versions: all}}\n");
        var models = ConfigLoader.load(
                        Map.of("AUGUR_CONFIG", file.toString()), Map.of("models.by-name.iris.queue", "8"))
                .models();
        assertThat(models.groups()).containsOnly(entry("vision", 1));
        assertThat(models.of("other").versions().listed()).containsExactly("1", "3");
        assertThat(models.of("digits").versions().all()).isTrue();
        assertThat(models.of("digits").workers().group()).contains("vision");
        assertThat(models.of("digits").admission().queue()).isEqualTo(7);
        assertThat(models.of("iris").admission().queue()).isEqualTo(8);
        assertThat(models.of("iris").workers().group()).isEmpty();
    }

    @Test
    void aBatchSizeSetForOneModelIsAnOrderOneForAllALimit() throws IOException {
        var file = write("models:\n  max-batch-size: 16\n  by-name: {a: {max-batch-size: 16}, b: {queue: 7}}\n");
        var models = ConfigLoader.load(
                        Map.of("AUGUR_CONFIG", file.toString()), Map.of("models.by-name.c.max-batch-size", "4"))
                .models();
        assertThat(models.of("a").batching().ordered()).isTrue();
        assertThat(models.of("b").batching().ordered()).isFalse();
        assertThat(models.of("b").batching().maxSize()).isEqualTo(16);
        assertThat(models.of("c").batching().ordered()).isTrue();
        assertThat(models.of("other").batching().ordered()).isFalse();
    }

    @Test
    void namesTheModelWhoseSettingsAreWrong() throws IOException {
        var file = write("models:\n  versions: newest\n  groups: {vision: {workers: 9999}, \"a b\": {}}\n"
                + "  by-name: {digits: {group: audio, quue: 1}, iris: 5}\n");
        assertThat(problems(file, Map.of(), Map.of()))
                .containsExactlyInAnyOrder(
                        file + ": models.groups: \"a b\" is not allowed, expected a name of letters, digits, ., - and"
                                + " _, not with a . at its beginning",
                        file
                                + ": models.groups.vision.workers: 9999 is not allowed, expected an integer from 0 to 1024",
                        file + ": models.versions: [newest] is not allowed, expected latest, all or a list of versions"
                                + " such as [1, 3]",
                        file + ": models.by-name.digits.group: \"audio\" is not allowed, expected none or one of"
                                + " models.groups: [vision]",
                        file + ": models.by-name.digits.quue: unknown setting",
                        file + ": models.by-name.iris: expected the settings of this section");
    }

    @Test
    void namesWhatIsWrongWithAPipelineOrItsStore() throws IOException {
        var file = write(
                """
                feature-stores:
                  a: {kind: cvs}
                  b: {kind: csv, key-column: id, lookup: {timeout: 5, missing: perhaps, retires: 1}}
                pipelines:
                  p: {store: c, timeout: 0s, prediction-log: later, inputs: [x]}
                """);
        assertThat(problems(file, Map.of(), Map.of()))
                .contains(
                        file
                                + ": feature-stores.a.kind: \"cvs\" is not allowed, expected one of csv, sql, redis, http, timer",
                        file + ": feature-stores.b.path: has to be there",
                        file + ": feature-stores.b.lookup.retires: unknown setting",
                        file + ": pipelines.p.store: \"c\" is not allowed, expected one of feature-stores: [a, b]",
                        file + ": pipelines.p.model: has to be there")
                .anyMatch(problem -> problem.contains("lookup.timeout: 5 is not allowed"))
                .anyMatch(problem ->
                        problem.contains("missing: \"perhaps\" is not allowed, expected one of fail, default"))
                .anyMatch(
                        problem -> problem.contains("prediction-log: \"later\" is not allowed, expected one of before"))
                .anyMatch(problem -> problem.contains("pipelines.p.inputs: [\"x\"] is not allowed"));
    }

    @Test
    void refusesFlatKeysAndASecondDocument() throws IOException {
        assertThat(problems(write("http.port: 9000\n"), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("http.port: a key with a dot is no setting");
        assertThat(problems(write("http: {}\n---\nfoo: bar\n"), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("more than one YAML document");
    }

    @Test
    void takesSectionsWithNothingInThem() throws IOException {
        assertThat(ConfigLoader.load(
                        Map.of(), Map.of("config", write("http:\ndata: ~\n").toString())))
                .isEqualTo(ServerConfig.defaults());
    }

    @Test
    void namesPathsThatAreNone() throws IOException {
        assertThat(problems(write("data: {directory: \"a\\0b\"}\n"), Map.of(), Map.of()))
                .singleElement()
                .asString()
                .contains("data.directory")
                .contains("expected a path");
    }

    @Test
    void takesAnEmptyFileForTheDefaults() throws IOException {
        assertThat(ConfigLoader.load(
                        Map.of(), Map.of("config", write("# nothing\n").toString())))
                .isEqualTo(ServerConfig.defaults());
    }

    @Test
    void refusesHttpWithoutALogAnywhere() {
        assertThatThrownBy(() -> ConfigLoader.load(Map.of(), Map.of("roles", "http,predict")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("roles: without the role log");
        assertThat(ConfigLoader.load(Map.of(), Map.of("roles", "http,predict", "cluster.enabled", "true"))
                        .roles())
                .containsExactlyInAnyOrder(Role.HTTP, Role.PREDICT);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "500ms,500", "1s,1000", "1.5s,1500", "2m,120000", "3h,10800000", "90d,7776000000"})
    void readsTimes(String text, long millis) {
        assertThat(Units.duration(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"'',", "5,", "-1s,", "1y,", "1 s,", "s,", "9999999999s,"})
    void refusesOtherTimes(String text, String nothing) {
        assertThat(Units.duration(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "17,17",
        "64KiB,65536",
        "1MiB,1048576",
        "2GiB,2147483648",
        "2147483648,2147483648",
        "1TiB,1099511627776"
    })
    void readsSizes(String text, long bytes) {
        assertThat(Units.bytes(text)).isEqualTo(bytes);
    }

    private List<String> problems(Path file, Map<String, String> environment, Map<String, String> flags) {
        var all = new java.util.HashMap<>(flags);
        all.put("config", file.toString());
        return catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(environment, all))
                .problems();
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("augur.yaml"), yaml);
    }

    private static void keys(String prefix, JsonNode node, List<String> keys) {
        node.fields().forEachRemaining(field -> {
            boolean named = List.of("feature-stores", "pipelines").contains(field.getKey());
            if (field.getValue().isObject() && !field.getValue().isEmpty() && !named) {
                keys(prefix + field.getKey() + ".", field.getValue(), keys);
            } else {
                keys.add(prefix + field.getKey());
            }
        });
    }
}
