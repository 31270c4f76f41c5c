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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of a node without a log, while one of two nodes that have one dies. */
class RecordsOfClusterTest {
    private static final int CLIENTS = 8;

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
            var over = new AtomicBoolean();
            eventually(() -> !ask(front).isEmpty());
            var clients = new ArrayList<Thread>();
            for (int i = 0; i < CLIENTS; i++) {
                var client = new Thread(() -> askOn(front, answered, over));
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
            eventually(() -> front.meter("augur_prediction_log_pending") == 0);
            var there = found(front);
            assertThat(there.ids()).doesNotHaveDuplicates();
            assertThat(there.missing()).as("one that died is missed").isEqualTo(1);
            try (var back = cluster.start("first", "log")) {
                within(30, () -> found(front).missing() == 0);
                var all = found(front).ids();
                assertThat(all).doesNotHaveDuplicates().containsAll(answered);
                assertThat(new HashSet<>(found(back).ids())).isEqualTo(new HashSet<>(all));
            }
            assertThat(second.alive()).isTrue();
        }
    }

    private static void askOn(AugurProcess front, Set<String> answered, AtomicBoolean over) {
        while (!over.get()) {
            try {
                String id = ask(front);
                if (!id.isEmpty()) {
                    answered.add(id);
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The record of an answer; empty if there was none. */
    private static String ask(AugurProcess front) throws Exception {
        var answer = front.post("/predict/wine", "{\"item_id\":43}").get();
        return answer.statusCode() == 200 ? new JsonObject(answer.body()).getString("record_id") : "";
    }

    private record Found(List<String> ids, int missing) {}

    private static Found found(AugurProcess node) throws Exception {
        var ids = new ArrayList<String>();
        String cursor = "";
        while (true) {
            var answer = node.get("/predictions?limit=100&status=OK" + cursor);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var page = new JsonObject(answer.body());
            page.getJsonArray("records").forEach(one -> ids.add(((JsonObject) one).getString("record_id")));
            if (page.getBoolean("finished")) {
                var missing = page.getJsonArray("missing");
                return new Found(ids, missing == null ? 0 : missing.size());
            }
            cursor = "&cursor=" + page.getString("cursor");
        }
    }
}
