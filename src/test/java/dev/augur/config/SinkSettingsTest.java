package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.augur.predictionlog.sink.KafkaConfig;
import dev.augur.predictionlog.sink.SinkKind;
import dev.augur.predictionlog.sink.SinkLimits;
import dev.augur.predictionlog.sink.SinksConfig;
import dev.augur.setting.Plugins;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SinkSettingsTest {
    private static final String SECRET = "correct-horse";

    private List<String> problems = List.of();
    private KafkaConfig kafka;

    @Test
    void readsATopicAndWhatItsProducerNeeds() throws Exception {
        var sinks = read(
                """
                kafka:
                  enabled: true
                  bootstrap-servers: [a.example:9092, "[::1]:9093"]
                  topic: predictions_1
                  properties: {security.protocol: SASL_SSL, compression.type: zstd, max.request.size: 5000000}
                  batch-size: 100
                  timeout: 5s
                """);

        assertThat(problems).isEmpty();
        assertThat(sinks.sinks()).hasSize(1);
        assertThat(kafka)
                .isEqualTo(new KafkaConfig(
                        List.of("a.example:9092", "[::1]:9093"),
                        "predictions_1",
                        Map.of(
                                "security.protocol",
                                "SASL_SSL",
                                "compression.type",
                                "zstd",
                                "max.request.size",
                                "5000000"),
                        new SinkLimits(100, Duration.ofSeconds(5), Duration.ofSeconds(10))));
    }

    @Test
    void namesTheSettingsOfATopicThatAreWrong() throws Exception {
        read(
                """
                kafka:
                  bootstrap-servers: [a.example, "b.example:9092"]
                  topic: predictions of today
                  timeout: 2m
                  batch_size: 100
                """);

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "test: kafka.bootstrap-servers: \"a.example\" is not allowed, expected host and port, such as 127.0.0.1:9092",
                        "test: kafka.topic: \"predictions of today\" is not allowed, expected up to 249 letters, digits, dots, - and _",
                        "test: kafka.timeout: \"2m\" is not allowed, expected a time from 100ms to 30s with its unit ms, s, m, h or d, such as 10s",
                        "test: kafka.batch_size: unknown setting");
    }

    @Test
    void namesThePropertiesThatAreNoneOrNotForTheOperator() throws Exception {
        read("kafka: {properties: {acks: 1, compresion.type: zstd, transactional.id: a, client.id: b}}");

        assertThat(problems)
                .containsExactly(
                        "test: kafka.properties: \"acks\" cannot be chosen, the sink depends on it",
                        "test: kafka.properties: \"compresion.type\" is no property of Kafka's producer",
                        "test: kafka.properties: \"transactional.id\" cannot be chosen, the sink depends on it");
    }

    @Test
    void namesAPropertyWhoseValueIsNotAllowed() throws Exception {
        read("kafka: {properties: {compression.type: rar}}");

        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("test: kafka.properties: ")
                .contains("rar for configuration compression.type");
    }

    @Test
    void saysNoSecret() throws Exception {
        read("kafka: {properties: {sasl.jaas.config: {password: " + SECRET + "}}}");
        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("test: kafka.properties: the value is not allowed")
                .doesNotContain(SECRET);

        var sinks = read("kafka: {enabled: true, properties: {sasl.jaas.config: 'x required password=\"" + SECRET
                + "\";', ssl.key.password: " + SECRET + ", retries: many}}");
        assertThat(problems).singleElement().asString().contains("retries").doesNotContain(SECRET);
        assertThat(sinks.toString() + kafka).doesNotContain(SECRET);
    }

    private SinksConfig read(String yaml) throws Exception {
        JsonNode root = new YAMLMapper().readTree(yaml);
        var reader = new ConfigReader(new ConfigSource("test", root, Map.of()));
        var sinks = SinkSettings.read(reader, Plugins.ofClassPath(SinkKind.class));
        kafka = KafkaConfig.read(new ConfigReader(new ConfigSource("test", root, Map.of())).under("kafka."));
        problems = reader.problems();
        return sinks;
    }
}
