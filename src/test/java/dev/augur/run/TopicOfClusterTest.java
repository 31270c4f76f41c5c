package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ClusterNodes;
import dev.augur.testkit.KafkaProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic of Kafka that two nodes fill, of which one is stopped, goes on, and dies. */
class TopicOfClusterTest {
    private static final int CLIENTS = 4;
    private static final String TOPIC = "records";
    private static final String ITEM = "{\"item_id\":43}";

    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    @TempDir
    Path directory;

    @Test
    void hasARecordOnceThatTwoLogsHave() throws Exception {
        var kafka = KafkaProcess.start();
        var cluster = new ClusterNodes(directory);
        var clients = Executors.newScheduledThreadPool(CLIENTS);
        kafka.create(TOPIC, 3, Map.of());
        try (var first = log(cluster, "first", kafka);
                var second = log(cluster, "second", kafka);
                var front = cluster.start(
                        "front", "http,predict", "pipelines.wine.prediction-log=before-answer", "http.docs=false")) {
            eventually(() -> front.post("/predict/wine", ITEM).get().statusCode() == 200);
            for (int i = 0; i < CLIENTS; i++) {
                var unused = clients.scheduleWithFixedDelay(() -> ask(front), 0, 5, TimeUnit.MILLISECONDS);
            }
            more(100);
            first.signal("STOP");
            more(100);
            first.signal("CONT");
            within(30, () -> !inBoth().isEmpty());
            more(100);
            first.signal("KILL");
            first.exitCode();
            more(100);
            try (var back = log(cluster, "first", kafka)) {
                more(100);
                clients.shutdown();
                assertThat(clients.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
                for (AugurProcess log : List.of(back, second)) {
                    within(30, () -> log.meter("augur_prediction_log_sink_lag_records{sink=\"kafka\"}") == 0);
                }
                var keys = kafka.messages(TOPIC).stream()
                        .map(message -> message.key())
                        .toList();
                assertThat(keys).doesNotHaveDuplicates().containsAll(answered).containsAll(inBoth());
                assertThat(new HashSet<>(keys)).containsAll(ids("first")).containsAll(ids("second"));
            }
        } finally {
            clients.shutdownNow();
            kafka.close();
        }
    }

    private static AugurProcess log(ClusterNodes cluster, String name, KafkaProcess kafka) throws Exception {
        return cluster.start(
                name,
                "log",
                "prediction-log.kafka.enabled=true",
                "prediction-log.kafka.topic=" + TOPIC,
                "prediction-log.kafka.bootstrap-servers=" + kafka.address());
    }

    private void more(int count) throws Exception {
        int enough = answered.size() + count;
        within(60, () -> answered.size() > enough);
    }

    private void ask(AugurProcess front) {
        try {
            var answer = front.post("/predict/wine", ITEM).get();
            if (answer.statusCode() == 200) {
                answered.add(new JsonObject(answer.body()).getString("record_id"));
            }
        } catch (Exception e) {
            throw new AssertionError(e); // ends this client
        }
    }

    private Set<String> inBoth() throws Exception {
        var both = ids("first");
        both.retainAll(ids("second"));
        return both;
    }

    private Set<String> ids(String node) throws Exception {
        var ids = new HashSet<String>();
        for (JsonObject record : TestServer.records(directory.resolve(node).resolve("predictions"))) {
            ids.add(record.getString("record_id"));
        }
        return ids;
    }
}
