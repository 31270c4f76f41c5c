package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ClusterNodes;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests for what a node does not have, with nodes as processes. */
class RoutingTest {
    private static final String IRIS = "/v2/models/iris/infer";
    private static final String ROW =
            "\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void aRequestGoesWhereItsModelIs() throws Exception {
        var cluster = new ClusterNodes(directory);
        try (var worker = cluster.start("worker", "predict,log");
                var front = cluster.start("front", "http")) {
            String name = String.valueOf(new JsonObject(worker.get("/cluster").body()).getString("node"));
            eventually(() -> front.get("/v2/models/iris/ready").statusCode() == 200);
            var answer = front.post(IRIS, "{\"id\":\"one\"," + ROW).get();
            assertThat(answer.body()).contains("\"id\":\"one\"", "\"model_name\":\"iris\"");
            assertThat(answer.headers().firstValue("X-Augur-Node")).contains(name);
            eventually(
                    () -> front.post("/predict/wine", "{\"item_id\":43}").get().statusCode() == 200);
            assertThat(front.get("/pipelines/wine").body()).contains("\"name\":\"wine\"");
            assertThat(front.post("/v2/models/nobody/infer", "{" + ROW).get().statusCode())
                    .isEqualTo(404);
            var wrong = front.post(IRIS, "{\"id\":\"wrong\",\"inputs\":[]}").get();
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.body()).startsWith("{\"error\":\"");
            assertThat(front.post("/v2/models/iris/versions/7/infer", "{" + ROW)
                            .get()
                            .statusCode())
                    .isEqualTo(404);
            var late = send(front, "late", "X-Request-Timeout", "1ms");
            assertThat(late.statusCode()).isIn(200, 504);
            eventually(() -> front.meter("augur_prediction_log_pending") == 0);
            assertThat(front.meter("augur_routed_requests_total{outcome=\"failed\"}"))
                    .isZero();
            eventually(() -> endings(List.of("worker"), "one").equals(List.of("OK")));
            assertThat(endings(List.of("worker"), "wrong")).containsExactly("CLIENT_ERROR");

            worker.signal("KILL");
            worker.exitCode();
            assertThat(send(front, "lost", "X-Other", "1").statusCode()).isEqualTo(503);
            // A node that dies is forgotten later; until then it is asked, and does not answer.
            assertThat(front.meter("augur_routed_requests_total{outcome=\"failed\"}"))
                    .isEqualTo(1);
        }
    }

    private List<String> endings(List<String> names, String id) throws Exception {
        var statuses = new CopyOnWriteArrayList<String>();
        for (String name : names) {
            TestServer.records(directory.resolve(name).resolve("predictions")).stream()
                    .filter(record -> id.equals(record.getString("client_request_id")))
                    .forEach(record -> statuses.add(record.getString("status")));
        }
        return statuses;
    }

    private HttpResponse<String> send(AugurProcess node, String id, String header, String value) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(node.url() + IRIS))
                .header("Content-Type", "application/json")
                .header(header, value)
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"" + id + "\"," + ROW))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
