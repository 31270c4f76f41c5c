package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ClusterNodes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the nodes of a cluster know of one another, as processes. */
class MembershipTest {
    @TempDir
    Path directory;

    @Test
    void nodesKnowOneAnother() throws Exception {
        var cluster = new ClusterNodes(directory);
        int bus = cluster.port() + 6;
        int peers = cluster.port() + 7;
        try (var all = cluster.start(
                "all", "http,predict,log", "cluster.event-bus-port=" + bus, "cluster.routing.port=" + peers)) {
            for (int port : List.of(cluster.port(), bus, peers)) {
                assertThat(connects("127.0.0.1", port)).as("port " + port).isTrue();
                assertThat(connects("127.0.0.2", port)).as("port " + port).isFalse();
            }
            String name = node(all, own(all)).getString("node");
            try (var front = cluster.start("front", "http")) {
                front.says("cluster augur-test: " + name);
                eventually(() -> all.url().equals(node(front, name).getString("url")));
                assertThat(node(front, name).getString("log_writer")).startsWith("writer-");
                assertThat(node(front, name).getJsonArray("models").toString()).contains("iris");
                assertThat(index(front)).contains("\"name\":\"iris\"", "\"nodes\":[\"" + name + "\"]");

                all.signal("STOP");
                eventually(() -> Boolean.FALSE.equals(node(front, name).getBoolean("answers")));
                assertThat(front.meter("augur_cluster_nodes{state=\"silent\"}")).isEqualTo(1);
                all.signal("CONT");
                eventually(() -> Boolean.TRUE.equals(node(front, name).getBoolean("answers")));
                String gone = own(front);
                front.signal("TERM");
                assertThat(front.exitCode()).isZero();
                eventually(() -> nodes(all).size() == 1);
                assertThat(gone).isNotEqualTo(name);
            }
        }
    }

    /** As with a headless service of Kubernetes: a name that leads to nodes. */
    @Test
    void nodesFindOneAnotherByAName() throws Exception {
        var hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost augur-nodes\n");
        var cluster = new ClusterNodes(directory).with("-Djdk.net.hosts.file=" + hosts);
        var looked = new String[] {"cluster.dns=augur-nodes", "cluster.members=127.0.0.9:1"}; // where nobody is
        try (var one = cluster.start("one", "log", looked);
                var two = cluster.start("two", "log", looked)) {
            eventually(() -> nodes(one).size() == 2 && nodes(two).size() == 2);
        }
    }

    private static boolean connects(String host, int port) throws Exception {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 5_000);
            return true;
        } catch (ConnectException refused) {
            return false;
        }
    }

    private static String index(AugurProcess node) throws Exception {
        return node.post("/v2/repository/index", "{\"ready\":true}").get().body();
    }

    private static String own(AugurProcess node) throws Exception {
        return new JsonObject(node.get("/cluster").body()).getString("node");
    }

    private static JsonArray nodes(AugurProcess node) throws Exception {
        return new JsonObject(node.get("/cluster").body()).getJsonArray("nodes");
    }

    private static JsonObject node(AugurProcess asked, String name) throws Exception {
        var nodes = nodes(asked);
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.getJsonObject(i).getString("node").equals(name)) {
                return nodes.getJsonObject(i);
            }
        }
        return new JsonObject();
    }
}
