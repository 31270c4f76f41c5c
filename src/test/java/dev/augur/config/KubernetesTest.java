package dev.augur.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manifests of {@code conf/kubernetes} against the configuration that they give the nodes. */
class KubernetesTest {
    private static final Path FOLDER = Path.of("conf/kubernetes");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final List<JsonNode> MANIFESTS = new ArrayList<>();

    @TempDir
    Path directory;

    @BeforeAll
    static void read() throws Exception {
        try (var files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                YAML.readerFor(JsonNode.class)
                        .<JsonNode>readValues(new YAMLFactory().createParser(file.toFile()))
                        .forEachRemaining(MANIFESTS::add);
            }
        }
    }

    private static Stream<JsonNode> all(String kind) {
        return MANIFESTS.stream()
                .filter(manifest -> manifest.get("kind").asText().equals(kind));
    }

    private static JsonNode one(String kind, String name) {
        return all(kind)
                .filter(manifest -> manifest.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<JsonNode> items(JsonNode list) {
        var items = new ArrayList<JsonNode>();
        list.forEach(items::add);
        return items.stream();
    }

    /** As the container has it: with its file, its variables and those that Kubernetes makes of services. */
    private ServerConfig load(JsonNode container) throws Exception {
        assertThat(container.at("/args/0").asText()).isEqualTo("--config");
        var file = Path.of(container.at("/args/1").asText());
        var text = one("ConfigMap", "augur").at("/data").get(file.getFileName().toString());
        var written = Files.writeString(directory.resolve("augur.yaml"), text.asText());
        assertThat(items(container.get("env"))
                        .map(variable -> variable.get("name").asText()))
                .contains("AUGUR_CLUSTER_HOST");
        return ConfigLoader.load(
                Map.of("AUGUR_CLUSTER_HOST", "10.1.2.3", "AUGUR_SERVICE_HOST", "10.9.9.9", "AUGUR_PORT", "tcp://a:80"),
                Map.of("config", written.toString()));
    }

    @ParameterizedTest
    @CsvSource({"Deployment,augur-serving", "StatefulSet,augur-log"})
    void nodesAreWhatTheirConfigurationSays(String kind, String name) throws Exception {
        var set = one(kind, name);
        var pod = set.at("/spec/template/spec");
        var container = pod.at("/containers/0");
        var config = load(container);

        var cluster = config.cluster();
        assertThat(cluster.enabled()).isTrue();
        assertThat(cluster.host()).isEqualTo("10.1.2.3");
        assertThat(cluster.portCount()).isEqualTo(1);
        var ports = new TreeSet<>(List.of(cluster.port(), cluster.eventBusPort()));
        ports.add(config.http().management().orElseThrow().port());
        if (config.roles().contains(Role.HTTP)) {
            ports.add(config.http().listener().port());
        }
        if (config.roles().contains(Role.PREDICT)) {
            ports.add(config.routing().port());
        }
        assertThat(items(container.get("ports"))
                        .map(port -> port.get("containerPort").asInt()))
                .containsExactlyInAnyOrderElementsOf(ports);

        var stop = config.shutdown().pause().plus(config.shutdown().timeout());
        assertThat(Duration.ofSeconds(pod.get("terminationGracePeriodSeconds").asInt()))
                .isGreaterThan(stop.plusSeconds(10));
        var mounts = items(container.get("volumeMounts"))
                .map(mount -> Path.of(mount.get("mountPath").asText()))
                .toList();
        assertThat(mounts).contains(config.dataDirectory(), Path.of("/tmp"));
        var tls = cluster.tls().orElseThrow();
        assertThat(tls.name()).contains("augur-node");
        for (Path file : List.of(tls.certificate(), tls.key(), tls.authority())) {
            assertThat(mounts).contains(file.getParent());
        }
        if (config.roles().contains(Role.PREDICT)) {
            assertThat(mounts).contains(config.models().repository());
        }
        assertThat(config.access().isChecked()).isTrue();
        assertThat(set.at("/spec/selector/matchLabels")).isEqualTo(set.at("/spec/template/metadata/labels"));
        assertThat(one("PodDisruptionBudget", name).at("/spec/selector/matchLabels"))
                .isEqualTo(set.at("/spec/selector/matchLabels"));
    }

    @Test
    void probesAskRoutesThatThereAre() throws Exception {
        String routes = Files.readString(Path.of("src/docs/ROUTES.md"));
        for (var set : Stream.concat(all("Deployment"), all("StatefulSet")).toList()) {
            var container = set.at("/spec/template/spec/containers/0");
            var names = items(container.get("ports"))
                    .map(port -> port.get("name").asText())
                    .toList();
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                var get = container.get(probe).get("httpGet");
                assertThat(routes).contains("`GET " + get.get("path").asText() + "`");
                assertThat(names).contains(get.get("port").asText());
            }
            var rules = container.get("securityContext");
            assertThat(rules.get("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(rules.get("allowPrivilegeEscalation").asBoolean()).isFalse();
            assertThat(set.at("/spec/template/spec/securityContext/runAsNonRoot")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void nodesFindOneAnotherAndNobodyElseReachesTheirPorts() throws Exception {
        var pod = one("Deployment", "augur-serving").at("/spec/template");
        var config = load(pod.at("/spec/containers/0"));
        var cluster = config.cluster();
        assertThat(cluster.dns()).isEqualTo(Optional.of("augur-nodes"));
        var nodes = one("Service", "augur-nodes").get("spec");
        assertThat(nodes.get("clusterIP").asText()).isEqualTo("None");
        assertThat(nodes.get("publishNotReadyAddresses").asBoolean()).isTrue();
        var ours =
                List.of(cluster.port(), cluster.eventBusPort(), config.routing().port());
        assertThat(items(nodes.get("ports")).map(port -> port.get("port").asInt()))
                .containsExactlyElementsOf(ours);
        var clients = one("Service", "augur").get("spec");
        assertThat(clients.at("/ports/0/targetPort").asText()).isEqualTo("http");
        assertThat(clients.get("selector")).isEqualTo(pod.at("/metadata/labels"));
        var policy = one("NetworkPolicy", "augur").get("spec");
        assertThat(policy.at("/podSelector/matchLabels")).isEqualTo(nodes.get("selector"));
        assertThat(policy.at("/ingress/0/from/0/podSelector/matchLabels")).isEqualTo(nodes.get("selector"));
        assertThat(items(policy.at("/ingress/0/ports"))
                        .map(port -> port.get("port").asInt()))
                .containsExactlyElementsOf(ours);
    }
}
