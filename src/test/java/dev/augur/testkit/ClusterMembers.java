package dev.augur.testkit;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;

import dev.augur.Server;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.ConfigLoader;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Nodes of one cluster in this process, each with a Vert.x and a data directory of its own. */
public final class ClusterMembers implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    public ClusterMembers(Path directory) throws Exception {
        this.directory = directory;
        this.port = ChildProcess.freePort();
    }

    /** The first port of the cluster. */
    public int port() {
        return port;
    }

    /** One of them. */
    public record Member(ClusterMembers all, Vertx vertx, Server server, Path data) {
        public HttpResponse<String> get(String path) throws Exception {
            return all.client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
        }

        public HttpResponse<String> post(String path, String body) throws Exception {
            var request = request(path)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return all.client.send(request, HttpResponse.BodyHandlers.ofString());
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(server.url().orElseThrow() + path));
        }

        /** Stops it in order, and has it leave. */
        public void stop() throws Exception {
            all.members.remove(this);
            await(server.stop());
            await(vertx.close());
        }
    }

    /** Starts a member, and waits until all of them know it; one of the same name has the same data. */
    public Member start(String name, String roles, String... settings) throws Exception {
        var data = Files.createDirectories(directory.resolve(name));
        var flags = new HashMap<>(Map.of(
                "roles", roles,
                "http.port", "0",
                "shutdown.pause", "0",
                "cluster.enabled", "true",
                "cluster.name", "augur-test",
                "cluster.port", String.valueOf(port),
                "data.directory", data.toString()));
        for (String setting : settings) {
            flags.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        }
        var config = ConfigLoader.load(Map.of(), flags);
        var vertx = await(ClusteredVertx.join(new VertxOptions(), config.cluster()));
        var member = new Member(this, vertx, await(Server.start(vertx, config)), data);
        members.add(member);
        for (Member each : members) {
            eventually(() -> each.server().nodes().others().size() >= members.size() - 1);
        }
        return member;
    }

    @Override
    public void close() {
        for (Member member : members) {
            try {
                member.stop();
            } catch (Exception e) {
                throw new AssertionError(member.server().node() + " did not stop", e);
            }
        }
    }
}
