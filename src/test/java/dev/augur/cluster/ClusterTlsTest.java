package dev.augur.cluster;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.Server;
import dev.augur.client.AugurClient;
import dev.augur.config.ConfigLoader;
import dev.augur.config.ServerConfig;
import dev.augur.inference.InferenceRequest;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.testkit.Authority;
import dev.augur.testkit.Certificate;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.Stranger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Nodes that speak TLS with one another, and who is kept out. */
class ClusterTlsTest {
    private static final String IRIS = "/v2/models/iris/infer";
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    private static final InferenceRequest SAME_ROW =
            InferenceRequest.of("iris", Tensor.ofFloats("features", Shape.of(1, 4), 5.1f, 3.5f, 1.4f, 0.2f));

    @TempDir
    static Path files;

    private static Authority authority;
    private static Certificate node;
    private static Certificate elsewhere;
    private static Certificate stranger;

    @TempDir
    Path data;

    private final int port = ChildProcess.freePort();
    private final List<Vertx> joined = new ArrayList<>();
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    ClusterTlsTest() throws Exception {}

    @BeforeAll
    static void makeCertificates() throws Exception {
        authority = Authority.create(files.resolve("ours"));
        node = authority.sign("node", "ip:127.0.0.1,dns:augur-node");
        elsewhere = authority.sign("elsewhere", "ip:127.0.0.2");
        stranger = Authority.create(files.resolve("theirs")).sign("stranger", "ip:127.0.0.1");
    }

    @BeforeEach
    void listen() {
        said.start();
        ((Logger) LoggerFactory.getLogger(Refusals.class)).addAppender(said);
    }

    @AfterEach
    void leave() throws Exception {
        ((Logger) LoggerFactory.getLogger(Refusals.class)).detachAppender(said);
        for (Vertx vertx : joined) {
            await(vertx.close());
        }
    }

    private ServerConfig config(String roles, String... more) throws Exception {
        var flags = new HashMap<>(Map.of(
                "roles", roles,
                "http.port", "0",
                "management.port", "0",
                "shutdown.pause", "0",
                "data.directory", data.resolve(roles).toString(),
                "cluster.enabled", "true",
                "cluster.name", "augur-tls",
                "cluster.port", String.valueOf(port),
                "cluster.port-count", "4"));
        for (String setting : more) {
            flags.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        }
        return ConfigLoader.load(Map.of(), flags);
    }

    private static String[] tls(Certificate own, String... more) {
        var settings = new ArrayList<>(List.of(
                "cluster.tls.certificate=" + own.file(),
                "cluster.tls.key=" + own.keyFile(),
                "cluster.tls.authority=" + authority.file()));
        settings.addAll(List.of(more));
        return settings.toArray(String[]::new);
    }

    private Vertx join(ServerConfig config) throws Exception {
        var vertx = await(ClusteredVertx.join(new VertxOptions(), config.cluster()));
        joined.add(vertx);
        return vertx;
    }

    private Vertx joinAsStranger(@Nullable Certificate own) throws Exception {
        var vertx = Stranger.join("augur-tls", port, own, authority);
        joined.add(vertx);
        return vertx;
    }

    private static boolean answers(Vertx asking, String address) throws Exception {
        var options = new DeliveryOptions().setSendTimeout(1_000);
        return await(asking.eventBus().request(address, "hello", options).transform(Future::succeededFuture))
                .succeeded();
    }

    private static void serve(Vertx vertx, String address) throws Exception {
        await(vertx.eventBus()
                .consumer(address, message -> message.reply("yes"))
                .completion());
    }

    private long lines(String text) {
        return List.copyOf(said.list).stream()
                .filter(event -> event.getFormattedMessage().contains(text))
                .count();
    }

    @Test
    void nodesServeOneAnotherAndStrangersAreKeptOut() throws Exception {
        var worker = join(config("predict,log", tls(node)));
        var front = join(config("http", tls(node)));
        var work = await(Server.start(worker, config("predict,log", tls(node))));
        var entrance = await(Server.start(front, config("http", tls(node))));
        eventually(() -> infer(entrance.url().orElseThrow()).statusCode() == 200);
        assertThat(infer(entrance.url().orElseThrow()).headers().firstValue("X-Augur-Node"))
                .contains(work.node());

        serve(worker, "of-a-node");
        for (var shown : Arrays.asList(stranger, null)) {
            var theirs = joinAsStranger(shown);
            serve(theirs, "of-a-stranger");
            assertThat(answers(theirs, "of-a-node")).isFalse();
            assertThat(answers(worker, "of-a-stranger")).isFalse();
            joined.remove(theirs);
            await(theirs.close());
        }
        var shop = authority.sign("shop", "ip:127.0.0.1");
        assertThat(await(AugurClient.overEventBus(joinAsStranger(shop)).infer(SAME_ROW))
                        .model())
                .isEqualTo("iris");
        assertThat(lines("a program at 127.0.0.1 was refused: its certificate is not from an authority in the file"))
                .isBetween(1L, 10L);
        assertThat(lines("a program at 127.0.0.1 was refused: it does not speak TLS"))
                .isBetween(1L, 10L);
        var peer =
                URI.create("https://" + work.nodes().self().identity().places().peers() + "/v2/health/live");
        var unknown = HttpClient.newBuilder()
                .sslContext(new Certificate(authority.file(), authority.file()).trust(null))
                .build();
        assertThat(catchThrowable(
                        () -> unknown.send(HttpRequest.newBuilder(peer).build(), HttpResponse.BodyHandlers.ofString())))
                .isInstanceOf(IOException.class);
        eventually(() -> lines("a program at 127.0.0.1 was refused: it shows no certificate") == 1);
        await(entrance.stop());
        await(work.stop());
    }

    private static HttpResponse<String> infer(String url) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url + IRIS))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(ROW))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theCertificateOfAnotherNodeIsNotBelieved() throws Exception {
        var ours = join(config("http", tls(node)));
        var theirs = joinAsStranger(elsewhere);
        serve(theirs, "elsewhere");
        assertThat(answers(ours, "elsewhere")).isFalse();
        eventually(() -> lines("cannot be asked: No subject alternative names matching IP address 127.0.0.1") == 1);
        // A name that all nodes have stands for their addresses.
        var named = join(config("predict,log", tls(node, "cluster.tls.name=augur-node")));
        serve(ours, "ours");
        assertThat(answers(named, "ours")).isTrue();
    }

    @Test
    void certificatesThatOthersWouldRefuseAreToldAtTheStart() throws Exception {
        var old = authority.sign("old", "ip:127.0.0.1", "-startdate", "-3d", "-validity", "1");
        var server = authority.sign("server", "ip:127.0.0.1", "-ext", "eku=serverAuth");
        assertThat(refusal(tls(old))).contains("cluster.tls.certificate: ", "old.crt: holds from ", "holds now");
        assertThat(refusal(tls(elsewhere)))
                .contains("is for [127.0.0.2], expected 127.0.0.1 (cluster.host) among its alternative names");
        assertThat(refusal(tls(node, "cluster.tls.name=other"))).contains("expected other (cluster.tls.name)");
        assertThat(refusal(tls(stranger))).contains("expected one for servers and clients from an authority in ");
        assertThat(refusal(tls(server))).contains("expected one for servers and clients");
        assertThat(refusal(tls(node, "cluster.tls.key=" + elsewhere.keyFile())))
                .contains("cluster.tls.key: ", "is not the key of the certificate in ");
        assertThat(refusal(tls(node, "cluster.tls.authority=" + files.resolve("none.pem"))))
                .contains("cluster.tls.authority: ", "none.pem: there is no such file");
        assertThat(catchThrowable(() -> config("http", "cluster.tls.key=" + node.keyFile())))
                .hasMessageContaining("cluster.tls: expected certificate, key and authority, found 1 of them");
    }

    private String refusal(String... settings) throws Exception {
        var config = config("http", settings);
        return catchThrowable(() -> await(ClusteredVertx.join(new VertxOptions(), config.cluster())))
                .getMessage();
    }
}
