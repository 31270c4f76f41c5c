package dev.augur.logview;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.client.AugurClient;
import dev.augur.client.Endpoint;
import dev.augur.client.LogPosition;
import dev.augur.testkit.ClusterMembers;
import dev.augur.testkit.ClusterMembers.Member;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The logs of two nodes as a third one shows them. */
class WholeLogTest {
    private static final String IRIS = "/v2/models/iris/infer";

    @TempDir
    Path directory;

    @Test
    void anyNodeAnswersOverAllLogs() throws Exception {
        try (var members = new ClusterMembers(directory)) {
            var alone = members.start("front", "http,predict");
            assertThat(alone.get("/predictions").statusCode()).isEqualTo(503);
            assertThat(alone.get("/predictions").body()).contains("no node that is known here has the role log");
            var one = members.start("one", "http,log");
            var two = members.start("two", "http,log");
            for (int i = 0; i < 30; i++) {
                infer(alone, i); // whose records go to one and two in turn
            }
            eventually(() -> ids(alone, "limit=100").size() == 30);

            var newestFirst = ids(alone, "limit=100");
            assertThat(ids(one, "limit=100")).containsExactlyElementsOf(newestFirst);
            assertThat(pages(alone, "limit=7")).containsExactlyElementsOf(newestFirst);
            assertThat(pages(two, "limit=1&status=OK")).containsExactlyElementsOf(newestFirst);
            assertThat(ids(alone, "model=other")).isEmpty();
            assertThat(alone.get("/predictions?limit=100").body()).doesNotContain("missing");

            assertThat(TestServer.records(one.data().resolve("predictions"))).hasSizeBetween(1, 29);
            for (int i : List.of(0, 1)) { // most of the time on two different nodes
                String id = newestFirst.get(i);
                assertThat(alone.get("/predictions/" + id + "?verify=true").body())
                        .contains("\"verified\":true");
                var told = alone.post("/predictions/" + id + "/outcome", "{\"outcome\":1.50}");
                assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
                assertThat(one.get("/predictions/" + id).body()).contains("\"outcome\":1.50");
                assertThat(ids(two, "outcome=1.50")).contains(id);
            }
            assertThat(ids(alone, "outcome=1.50")).containsExactlyElementsOf(newestFirst.subList(0, 2));
            assertThat(alone.get("/predictions/nobody").statusCode()).isEqualTo(404);
            assertThat(alone.post("/predictions/nobody/outcome", "{\"outcome\":1}")
                            .statusCode())
                    .isEqualTo(404);

            anyNodeFollowsAnyWriter(List.of(alone, one, two));
            pagesGoOnWithoutANodeThatIsAway(members, alone, two, newestFirst);
        }
    }

    private static void anyNodeFollowsAnyWriter(List<Member> nodes) throws Exception {
        for (Member log : nodes.subList(1, 3)) {
            String first =
                    TestServer.records(log.data().resolve("predictions")).get(0).getString("record_id");
            for (Member asked : nodes) {
                var answer = after(asked, log);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(ids(new JsonObject(answer.body()))).first().isEqualTo(first);
            }
        }
        var any = nodes.get(0).get("/predictions/after?limit=1"); // of some node that has one
        assertThat(ids(new JsonObject(any.body()))).hasSize(1);
        assertThat(nodes.get(0).get("/predictions/after?writer=writer-none").statusCode())
                .isEqualTo(404);
    }

    private static HttpResponse<String> after(Member asked, Member log) throws Exception {
        return asked.get("/predictions/after?writer=" + writer(log));
    }

    private static String writer(Member log) {
        return String.valueOf(log.server().logFolder().orElseThrow().getFileName());
    }

    private void pagesGoOnWithoutANodeThatIsAway(
            ClusterMembers members, Member alone, Member two, List<String> newestFirst) throws Exception {
        String name = two.server().node();
        var first = page(alone, "limit=4");
        var seen = new ArrayList<>(ids(first));
        var followed = new CopyOnWriteArrayList<String>();
        var subscription = AugurClient.overHttp(
                        alone.vertx(), Endpoint.of(alone.server().url().orElseThrow()))
                .subscribe(new LogPosition(writer(two), 0), record -> {
                    followed.add(record.getString("record_id"));
                    return Future.succeededFuture();
                });
        eventually(() -> !followed.isEmpty());
        two.stop();
        eventually(() -> alone.server().nodes().others().size() == 1);

        var answer = alone.get("/predictions?limit=5&cursor=" + first.getString("cursor"));
        assertThat(answer.headers().firstValue("X-Augur-Missing")).contains(name);
        var second = new JsonObject(answer.body());
        var missing = second.getJsonArray("missing").getJsonObject(0);
        assertThat(missing.getString("node")).isEqualTo(name);
        assertThat(missing.getString("reason")).isEqualTo("it has left");
        seen.addAll(ids(second));
        var third = page(alone, "limit=100&cursor=" + second.getString("cursor"));
        seen.addAll(ids(third));
        assertThat(third.getBoolean("finished")).isTrue();
        var unknown = alone.get("/predictions/nobody");
        assertThat(unknown.statusCode()).isEqualTo(503);
        assertThat(unknown.body()).contains(name + ": it has left");

        var away = after(alone, two);
        assertThat(away.statusCode()).as(away.body()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();

        var back = members.start("two", "http,log");
        var rest = page(alone, "limit=100&cursor=" + third.getString("cursor"));
        seen.addAll(ids(rest));
        assertThat(rest.getString("cursor")).isNull();
        assertThat(rest.getJsonArray("missing")).isNull();
        assertThat(new HashSet<>(seen)).hasSameSizeAs(seen);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(newestFirst);

        int before = followed.size();
        eventually(
                () -> { // groups go to both logs in turn, and requests that are close together share one
                    infer(alone, 0);
                    return followed.size() > before;
                });
        var stored = back.data().resolve("predictions");
        eventually(() -> followed.size() == TestServer.records(stored).size());
        assertThat(followed).doesNotHaveDuplicates();
        subscription.close();
    }

    private static List<String> pages(Member node, String query) throws Exception {
        var all = new ArrayList<String>();
        var page = page(node, query);
        all.addAll(ids(page));
        while (!page.getBoolean("finished")) {
            page = page(node, query + "&cursor=" + page.getString("cursor"));
            all.addAll(ids(page));
        }
        return all;
    }

    private static JsonObject page(Member node, String query) throws Exception {
        var answer = node.get("/predictions?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static List<String> ids(Member node, String query) throws Exception {
        return ids(page(node, query));
    }

    private static List<String> ids(JsonObject page) {
        return page.getJsonArray("records").stream()
                .map(record -> ((JsonObject) record).getString("record_id"))
                .toList();
    }

    private static void infer(Member node, int id) throws Exception {
        var answer = node.post(
                IRIS,
                "{\"id\":\"" + id + "\",\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\","
                        + "\"data\":[5.1,3.5,1.4,0.2]}]}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
