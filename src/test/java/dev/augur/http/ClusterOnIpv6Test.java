package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.Authority;
import dev.augur.testkit.ClusterMembers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that have addresses of IPv6 alone ask one another as others do. */
class ClusterOnIpv6Test {
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nodesAskOneAnother(boolean tls) throws Exception {
        var settings = new ArrayList<>(List.of("cluster.host=::1", "cluster.members=::1"));
        if (tls) {
            var authority = Authority.create(folder.resolve("authority"));
            var node = authority.sign("node", "ip:0:0:0:0:0:0:0:1");
            settings.add("cluster.tls.certificate=" + node.file());
            settings.add("cluster.tls.key=" + node.keyFile());
            settings.add("cluster.tls.authority=" + authority.file());
        }
        try (var cluster = new ClusterMembers(folder)) {
            cluster.start("worker", "predict,log", settings.toArray(String[]::new));
            settings.add("http.host=::1");
            var front = cluster.start("front", "http", settings.toArray(String[]::new));
            var answer = front.post("/v2/models/iris/infer", ROW);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var loaded = front.post("/v2/repository/models/iris/load", "{\"parameters\":{\"nodes\":\"all\"}}");
            assertThat(loaded.statusCode()).as(loaded.body()).isEqualTo(200);
            var run = front.post(
                    "/console/runs",
                    "{\"run\":\"console-1\",\"path\":\"/v2/models/iris/infer\",\"requests\":2,\"bodies\":[" + ROW
                            + "]}");
            assertThat(run.body()).contains("\"statuses\":{\"200\":2}");
        }
    }
}
