package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables and flags that mean settings with names of the operator's choice. */
class OverridesTest {
    private static final String BGE = "bge-small-en-v1.5";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"models.by-name.\"bge-small-en-v1.5\".queue", "models.by-name.bge-small-en-v1.5.queue"})
    void aFlagReachesAModelWithADotInItsName(String key) throws IOException {
        var models = load("", Map.of(), Map.of(key, "8")).models();
        assertThat(models.byName()).containsOnlyKeys(BGE);
        assertThat(models.of(BGE).admission().queue()).isEqualTo(8);
    }

    @Test
    void theFileReachesNamesWithDotsAndSpacesAndOtherLetters() throws IOException {
        var models = load(
                        "models:\n  groups: {v1.5: {workers: 1}}\n  by-name:\n    bge-small-en-v1.5: {queue: 8, group: v1.5}\n"
                                + "    \"größe 2\": {queue: 9}\n",
                        Map.of(),
                        Map.of())
                .models();
        assertThat(models.of(BGE).admission().queue()).isEqualTo(8);
        assertThat(models.of(BGE).workers().group()).contains("v1.5");
        assertThat(models.of("größe 2").admission().queue()).isEqualTo(9);
    }

    @Test
    void aVariableMeansTheModelInTheRepository() throws IOException {
        Files.createDirectories(folder.resolve("models").resolve(BGE).resolve("1"));
        var variables = Map.of(
                "AUGUR_MODELS_REPOSITORY", folder.resolve("models").toString(),
                "AUGUR_MODELS_BY_NAME_BGE_SMALL_EN_V1_5_MAX_BATCH_SIZE", "4",
                "AUGUR_MODELS_BY_NAME_LATER_ONE_QUEUE", "5");
        var models = load("", variables, Map.of()).models();
        assertThat(models.of(BGE).batching().maxSize()).isEqualTo(4);
        assertThat(models.byName()).containsOnlyKeys(BGE, "later_one");
    }

    @ParameterizedTest
    @CsvSource({"wine, WINE", "wine-2, WINE_2", "wine_2, WINE_2", "Wine.v2, WINE_V2"})
    void aVariableHoldsThePasswordOfAStore(String store, String spelt) throws IOException {
        String yaml = "feature-stores:\n  " + store
                + ": {kind: sql, host: h, database: d, user: u, table: t, key-column: k}\n";
        var section = new ConfigReader(source(yaml, Map.of("AUGUR_FEATURE_STORES_" + spelt + "_PASSWORD", "s3cret")))
                .named("feature-stores")
                .get(store);
        assertThat(section.text("password", "")).isEqualTo("s3cret");
    }

    @Test
    void variablesReachEveryMap() throws IOException {
        String yaml =
                """
                feature-stores:
                  a-b: {kind: http, url: 'http://h/{id}', headers: {X-Token: old}}
                pipelines:
                  p.q: {store: a-b, model: m, inputs: {Features: [x]}}
                prediction-log: {kafka: {properties: {security.protocol: SSL}}}
                """;
        var overrides = source(
                        yaml,
                        Map.of(
                                "AUGUR_FEATURE_STORES_A_B_HEADERS_X_TOKEN", "1",
                                "AUGUR_FEATURE_STORES_A_B_LOOKUP_MAX_RETRY_DELAY", "2",
                                "AUGUR_FEATURE_STORES_A_B_LOOKUP_DEFAULTS_HUE", "3",
                                "AUGUR_PIPELINES_P_Q_INPUTS_FEATURES", "4",
                                "AUGUR_PIPELINES_P_Q_MAX_WAITING_ITEMS", "5",
                                "AUGUR_MODELS_GROUPS_VISION_WORKERS", "6",
                                "AUGUR_PREDICTION_LOG_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "7",
                                "AUGUR_PREDICTION_LOG_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", "8",
                                "AUGUR_HTTP_PORT", "9"))
                .overrides();
        var values = new HashMap<String, String>();
        overrides.forEach((key, override) -> values.put(key, override.value()));
        assertThat(values)
                .containsOnly(
                        entry("feature-stores.a-b.headers.X-Token", "1"),
                        entry("feature-stores.a-b.lookup.max-retry-delay", "2"),
                        entry("feature-stores.a-b.lookup.defaults.hue", "3"),
                        entry("pipelines.\"p.q\".inputs.Features", "4"),
                        entry("pipelines.\"p.q\".max-waiting-items", "5"),
                        entry("models.groups.vision.workers", "6"),
                        entry("prediction-log.kafka.properties.\"security.protocol\"", "7"),
                        entry("prediction-log.kafka.properties.\"sasl.jaas.config\"", "8"),
                        entry("http.port", "9"));
    }

    @Test
    void entriesOfMapsAreOverriddenOneByOne() throws IOException {
        var pipelines = load(
                        "feature-stores: {s: {kind: timer}}\n"
                                + "pipelines:\n  p: {store: s, model: m, inputs: {a: [x, y], b: z}, outputs: {o: out}}\n",
                        Map.of("AUGUR_PIPELINES_P_INPUTS_B", "u,v"),
                        Map.of("pipelines.p.outputs.score", "out"))
                .pipelines()
                .pipelines();
        assertThat(pipelines.get(0).inputs())
                .containsEntry("a", List.of("x", "y"))
                .containsEntry("b", List.of("u", "v"));
        assertThat(pipelines.get(0).outputs()).containsOnly(entry("o", "out"), entry("score", "out"));
    }

    @Test
    void aVariableThatMayMeanTwoIsRefusedByName() {
        var problems = catchThrowableOfType(
                        ConfigException.class,
                        () -> load(
                                "feature-stores:\n  a-b: {kind: timer}\n  a_b: {kind: timer}\n",
                                Map.of("AUGUR_FEATURE_STORES_A_B_DELAY", "1ms"),
                                Map.of()))
                .problems();
        assertThat(problems)
                .containsExactly("AUGUR_FEATURE_STORES_A_B_DELAY: may mean feature-stores.a-b.delay or"
                        + " feature-stores.a_b.delay; say which in the file, or by --set with the whole key");
    }

    /** A service called augur-http. */
    @Test
    void whatKubernetesSetsForItsServicesIsNoSetting() throws IOException {
        var links = Map.of(
                "AUGUR_HTTP_PORT",
                "tcp://10.0.0.1:8000",
                "AUGUR_HTTP_PORT_8000_TCP",
                "tcp://10.0.0.1:8000",
                "AUGUR_HTTP_PORT_8000_TCP_ADDR",
                "10.0.0.1",
                "AUGUR_HTTP_SERVICE_HOST",
                "10.0.0.1",
                "AUGUR_HTTP_SERVICE_PORT",
                "8000",
                "AUGUR_HTTP_SERVICE_PORT_WEB",
                "8000",
                "AUGUR_HTTP_HOST",
                "0.0.0.0",
                "AUGUR_ACCESS",
                "none");
        var listener = load("http: {port: 9000}\n", links, Map.of()).http().listener();
        assertThat(listener.port()).isEqualTo(9_000);
        assertThat(listener.host()).isEqualTo("0.0.0.0");
        assertThat(ConfigLoader.unknownVariables(links)).isEmpty();
    }

    @Test
    void aFlagCountsBeforeAVariable() throws IOException {
        var config = load(
                "models: {by-name: {iris: {queue: 1}}}\n",
                Map.of("AUGUR_MODELS_BY_NAME_IRIS_QUEUE", "2"),
                Map.of("models.by-name.iris.queue", "3"));
        assertThat(config.models().of("iris").admission().queue()).isEqualTo(3);
    }

    @Test
    void onlyWhatMeansNothingIsIgnoredWithAWarning() {
        assertThat(ConfigLoader.unknownVariables(Map.of(
                        "AUGUR_FEATURE_STORES_WINE_PASSWORD", "x",
                        "AUGUR_FEATURE_STORES_WINE_PASSWROD", "x",
                        "AUGUR_MODELS_BY_NAME_X_Y_QUEUE", "1",
                        "AUGUR_LOG_LEVEL", "DEBUG")))
                .containsExactly("AUGUR_FEATURE_STORES_WINE_PASSWROD");
    }

    @Test
    void aValueThatIsNotAllowedIsToldWithTheVariable() {
        var problems = catchThrowableOfType(
                        ConfigException.class,
                        () -> load("", Map.of("AUGUR_MODELS_BY_NAME_IRIS_QUEUE", "many"), Map.of()))
                .problems();
        assertThat(problems)
                .containsExactly("AUGUR_MODELS_BY_NAME_IRIS_QUEUE: models.by-name.iris.queue: \"many\" is not allowed,"
                        + " expected an integer from 0 to 1000000");
    }

    private ServerConfig load(String yaml, Map<String, String> environment, Map<String, String> flags)
            throws IOException {
        var all = new HashMap<>(flags);
        all.put("config", Files.writeString(folder.resolve("augur.yaml"), yaml).toString());
        return ConfigLoader.load(environment, all);
    }

    private static ConfigSource source(String yaml, Map<String, String> environment) throws IOException {
        var root = new YAMLMapper().readTree(yaml);
        var overrides = new Overrides(root, found -> List.of());
        overrides.add(environment, Map.of());
        assertThat(overrides.problems()).isEmpty();
        return new ConfigSource("test", root, overrides.found());
    }
}
