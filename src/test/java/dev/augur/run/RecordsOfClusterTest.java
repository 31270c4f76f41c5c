package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ClusterNodes;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of a node without a log, while one of two nodes that have one dies. */
class RecordsOfClusterTest {
    private static final int CLIENTS = 8;
    private static final String ITEM = "{\"item_id\":43}";

    @TempDir
    Path directory;

    @Test
    void everyAnsweredRecordIsFoundOnceThoughALogNodeDies() throws Exception {
        var cluster = new ClusterNodes(directory);
        try (var first = cluster.start("first", "log");
                var second = cluster.start("second", "log");
                var front = cluster.start(
                        "front", "http,predict", "pipelines.wine.prediction-log=before-answer", "http.docs=false")) {
            var answered = ConcurrentHashMap.<String>newKeySet();
            var failures = ConcurrentHashMap.<String>newKeySet();
            var over = new AtomicBoolean();
            eventually(() -> answers(front));
            var clients = new ArrayList<Thread>();
            for (int i = 0; i < CLIENTS; i++) {
                var client = new Thread(() -> askOn(front, answered, failures, over));
                client.start();
                clients.add(client);
            }
            within(30, () -> answered.size() > 200);
            first.signal("KILL");
            first.exitCode();
            int before = answered.size();
            within(30, () -> answered.size() > before + 200);
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertThat(failures).as("answers that were not 200").isEmpty();
            eventually(() -> front.meter("augur_prediction_log_pending") == 0);
            var there = FoundRecords.all(front);
            assertThat(there.ids()).doesNotHaveDuplicates();
            assertThat(there.missing()).as("one that died is missed").isEqualTo(1);
            try (var back = cluster.start("first", "log")) {
                within(30, () -> FoundRecords.all(front).missing() == 0);
                var all = FoundRecords.all(front).ids();
                assertThat(all).doesNotHaveDuplicates().containsAll(answered);
                assertThat(new HashSet<>(FoundRecords.all(back).ids())).isEqualTo(new HashSet<>(all));
            }
            assertThat(second.alive()).isTrue();
        }
    }

    private static void askOn(AugurProcess front, Set<String> answered, Set<String> failures, AtomicBoolean over) {
        while (!over.get()) {
            try {
                answered.add(ask(front));
            } catch (Exception | AssertionError e) {
                failures.add(e.toString());
            }
        }
    }

    private static boolean answers(AugurProcess front) throws Exception {
        return front.post("/predict/wine", ITEM).get().statusCode() == 200;
    }

    /** The record of an answer. */
    private static String ask(AugurProcess front) throws Exception {
        var answer = front.post("/predict/wine", ITEM).get();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getString("record_id");
    }
}
