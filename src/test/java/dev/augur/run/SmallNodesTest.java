package dev.augur.run;

import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ClusterNodes;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with heaps of 80 MB: three, in the long form ten. */
class SmallNodesTest {
    private static final int NODES = Form.of(3, 10);
    private static final String PORTS = "cluster.port-count=12";

    @TempDir
    Path directory;

    @Test
    void theyStartRouteAndStop() throws Exception {
        var cluster = new ClusterNodes(directory).with("-Xmx80m -Xms16m");
        var nodes = new ArrayList<AugurProcess>();
        try {
            nodes.add(cluster.start("worker", "predict,log", PORTS));
            for (int i = 1; i < NODES; i++) {
                nodes.add(cluster.launch("front" + i, "http", PORTS));
            }
            var fronts = nodes.subList(1, NODES);
            for (var front : fronts) {
                front.says(": ready in ");
            }
            for (var front : fronts) {
                within(60, () -> answering(front) == NODES);
                within(60, () -> predicts(front));
            }
            for (var node : nodes) {
                node.signal("TERM");
            }
            for (var node : nodes) {
                assertThat(node.exitCode()).as("%s%s", node.out(), node.err()).isZero();
            }
        } finally {
            nodes.forEach(AugurProcess::close);
        }
    }

    private static boolean predicts(AugurProcess front) throws Exception {
        return front.post("/predict/wine", "{\"item_id\":43}").get().statusCode() == 200;
    }

    private static long answering(AugurProcess front) throws Exception {
        return new JsonObject(front.get("/cluster").body())
                .getJsonArray("nodes").stream()
                        .filter(node -> ((JsonObject) node).getBoolean("answers"))
                        .count();
    }
}
