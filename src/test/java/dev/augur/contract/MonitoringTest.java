package dev.augur.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.augur.testkit.Needed;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dashboard, the alerts and METRICS.md name the meters that there are, with their labels. */
class MonitoringTest {
    private static final Path DASHBOARD = Path.of("conf", "grafana", "dashboard.json");
    private static final Path ALERTS = Path.of("conf", "grafana", "alerts.yaml");
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern LABEL_MATCH = Pattern.compile("(\\w+)=~?\"");
    private static final Pattern NAME = Pattern.compile("\\b(?:augur|jvm|process|system)_[a-z0-9_]+");
    private static final Pattern ROW = Pattern.compile("\\| `(augur_\\w+)` \\| (\\w+) \\| ([^|]*) \\|.*");
    private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");

    /** The labels of each sample, by its name. */
    private static final Map<String, TreeSet<String>> LIVE = new TreeMap<>();

    private static final Map<String, String> TYPES = new TreeMap<>();

    @BeforeAll
    static void scrape() throws Exception {
        try (var server = TestServer.start(
                "prediction-log.kafka.enabled=true",
                "prediction-log.kafka.bootstrap-servers=127.0.0.1:1",
                "event-bus.tcp.enabled=true",
                "event-bus.tcp.port=0",
                "http.clients.in-flight=100")) {
            server.post("/predict/wine", "{\"item_id\":43}");
            for (String line : server.get("/metrics").body().split("\n")) {
                var sample = SAMPLE.matcher(line);
                if (line.startsWith("# TYPE ")) {
                    TYPES.put(line.split(" ")[2], line.split(" ")[3]);
                } else if (sample.matches()) {
                    var labels = LIVE.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
                    LABEL.matcher(sample.group(2) == null ? "" : sample.group(2))
                            .results()
                            .forEach(label -> labels.add(label.group(1)));
                }
            }
        }
    }

    @Test
    void theDashboardAsksForWhatThereIs() throws IOException {
        var queries = new ObjectMapper().readTree(DASHBOARD.toFile()).findValuesAsText("expr");
        assertThat(queries).hasSizeGreaterThan(40);
        queries.forEach(MonitoringTest::check);
    }

    @Test
    void theAlertsAskForWhatThereIs() throws IOException {
        var rules = rules();
        assertThat(rules).hasSizeGreaterThan(15);
        rules.stream().map(rule -> rule.get("expr").asText()).forEach(MonitoringTest::check);
    }

    @Test
    void prometheusTakesTheAlerts() throws Exception {
        Needed.isThere(
                Files.isExecutable(PROMTOOL), "the alerts are looked at by promtool: apt-get install prometheus");
        var promtool = new ProcessBuilder(PROMTOOL.toString(), "check", "rules", ALERTS.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(promtool.getInputStream().readAllBytes())).contains("SUCCESS");
        assertThat(promtool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void thePageHasEveryMeter() throws IOException {
        var rows = new TreeMap<String, String>();
        Files.readAllLines(Path.of("src", "docs", "METRICS.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .forEach(row ->
                        rows.put(row.group(1), row.group(2) + " " + row.group(3).replace("`", "")));
        var live = new TreeMap<String, String>();
        TYPES.forEach((name, type) -> {
            if (name.startsWith("augur_") && !name.endsWith("_max")) {
                live.put(name, type + " " + String.join(", ", labels(name)));
            }
        });
        assertThat(rows).isEqualTo(live);
    }

    private static void check(String query) {
        var names = NAME.matcher(query).results().map(found -> found.group()).toList();
        assertThat(names.isEmpty() && !query.startsWith("up")).as(query).isFalse();
        assertThat(LIVE.keySet()).as(query).containsAll(names);
        var labels = new TreeSet<>(List.of("le", "instance", "job"));
        names.forEach(name -> labels.addAll(LIVE.get(name)));
        BY.matcher(query)
                .results()
                .forEach(by -> assertThat(labels).as(query).contains(by.group(1).split(", ")));
        LABEL_MATCH.matcher(query).results().forEach(label -> assertThat(labels)
                .as(query)
                .contains(label.group(1)));
    }

    private static TreeSet<String> labels(String family) {
        for (String suffix : List.of("", "_bucket", "_count")) {
            if (LIVE.containsKey(family + suffix)) {
                var labels = new TreeSet<>(LIVE.get(family + suffix));
                labels.remove("le");
                return labels;
            }
        }
        return new TreeSet<>();
    }

    private static List<JsonNode> rules() throws IOException {
        var rules = new ArrayList<JsonNode>();
        new YAMLMapper().readTree(ALERTS.toFile()).get("groups").forEach(group -> group.get("rules")
                .forEach(rules::add));
        return rules;
    }
}
