package dev.augur.cluster;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.Server;
import dev.augur.config.ConfigLoader;
import dev.augur.config.ServerConfig;
import dev.augur.http.PeerCertificateVerticle;
import dev.augur.testkit.Authority;
import dev.augur.testkit.Certificate;
import dev.augur.testkit.ChildProcess;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** New certificates for requests between nodes, put in place as Kubernetes does it: by a link to another folder. */
class CertificateRotationTest {
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
    private static final FileTime SAME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    Path folder;

    private final int port = ChildProcess.freePort();
    private final List<Vertx> joined = new ArrayList<>();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private int generation;

    CertificateRotationTest() throws Exception {}

    @BeforeEach
    void listen() {
        said.start();
        ((Logger) LoggerFactory.getLogger(PeerCertificateVerticle.class)).addAppender(said);
    }

    @AfterEach
    void leave() throws Exception {
        ((Logger) LoggerFactory.getLogger(PeerCertificateVerticle.class)).detachAppender(said);
        for (Vertx vertx : joined) {
            await(vertx.close());
        }
    }

    /** The files change all at once, and have the date of those before. */
    private void put(Certificate own, Authority... trusted) throws IOException {
        var next = Files.createDirectory(folder.resolve(".." + ++generation));
        Files.copy(own.file(), next.resolve("tls.crt"));
        Files.copy(own.keyFile(), next.resolve("tls.key"));
        var all = new StringBuilder();
        for (var one : trusted) {
            all.append(Files.readString(one.file()));
        }
        Files.writeString(next.resolve("ca.crt"), all);
        for (String name : List.of("tls.crt", "tls.key", "ca.crt")) {
            Files.setLastModifiedTime(next.resolve(name), SAME);
            if (generation == 1) {
                Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
            }
        }
        var link = Files.createSymbolicLink(folder.resolve("..data_tmp"), next.getFileName());
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private Server start(String roles) throws Exception {
        var config = config(roles);
        var vertx = await(ClusteredVertx.join(new VertxOptions(), config.cluster()));
        joined.add(vertx);
        return await(Server.start(vertx, config));
    }

    private ServerConfig config(String roles) throws Exception {
        return ConfigLoader.load(
                Map.of(),
                Map.ofEntries(
                        Map.entry("roles", roles),
                        Map.entry("http.port", "0"),
                        Map.entry("http.instances", "2"),
                        Map.entry("shutdown.pause", "0"),
                        Map.entry("data.directory", folder.resolve(roles).toString()),
                        Map.entry("cluster.enabled", "true"),
                        Map.entry("cluster.name", "augur-rotation"),
                        Map.entry("cluster.port", String.valueOf(port)),
                        Map.entry("cluster.port-count", "4"),
                        Map.entry(
                                "cluster.tls.certificate",
                                folder.resolve("tls.crt").toString()),
                        Map.entry("cluster.tls.key", folder.resolve("tls.key").toString()),
                        Map.entry(
                                "cluster.tls.authority",
                                folder.resolve("ca.crt").toString())));
    }

    private static HttpResponse<String> ask(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int infer(Server front) throws Exception {
        return ask(HttpRequest.newBuilder(URI.create(front.url().orElseThrow() + "/v2/models/iris/infer"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(ROW)))
                .statusCode();
    }

    private static boolean hasFailedToRead(Server front) throws Exception {
        return ask(HttpRequest.newBuilder(URI.create(front.url().orElseThrow() + "/metrics")))
                .body()
                .lines()
                .filter(line -> line.startsWith("augur_tls_reload_failures_total{setting=\"cluster.tls\"}"))
                .anyMatch(line -> !line.endsWith(" 0.0"));
    }

    private static X509Certificate shown(Server node) throws Exception {
        var place = node.nodes().self().identity().places().peers().split(":", 2);
        try (var socket = (SSLSocket)
                Certificate.trustAnybody().getSocketFactory().createSocket(place[0], Integer.parseInt(place[1]))) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void newAuthoritiesAndCertificatesHoldForNewConnectionsAndBadOnesAreLeft() throws Exception {
        var before = Authority.create(folder.resolve("before"));
        var after = Authority.create(folder.resolve("after"));
        var first = before.sign("first", "ip:127.0.0.1");
        var second = after.sign("second", "ip:127.0.0.1");
        put(first, before);
        var worker = start("predict,log");
        var front = start("http");

        put(after.sign("elsewhere", "ip:127.0.0.2"), after);
        eventually(() -> hasFailedToRead(front));
        eventually(() -> List.copyOf(said.list).stream()
                        .filter(event -> event.getFormattedMessage().contains("is for [127.0.0.2], expected 127.0.0.1"))
                        .count()
                >= 2);
        assertThat(shown(worker)).isEqualTo(first.certificate());

        // Nothing was sent yet, so both sides show themselves for the first time: neither would believe the first ones.
        put(second, after);
        eventually(() -> shown(worker).equals(second.certificate()));
        for (int i = 0; i < 8; i++) { // by each of the event loops
            assertThat(shown(worker)).isEqualTo(second.certificate());
        }
        eventually(() -> infer(front) == 200);

        put(first, before, after); // while an authority takes over from another one, both are trusted
        eventually(() -> shown(worker).equals(first.certificate()));
        eventually(() -> infer(front) == 200);
        await(front.stop());
        await(worker.stop());
    }
}
