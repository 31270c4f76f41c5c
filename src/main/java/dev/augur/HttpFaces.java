package dev.augur;

import dev.augur.Deployments.Part;
import dev.augur.access.Doorkeeper;
import dev.augur.config.Role;
import dev.augur.config.ServerConfig;
import dev.augur.http.Backend;
import dev.augur.http.Face;
import dev.augur.http.HttpConfig;
import dev.augur.http.PeerCertificate;
import dev.augur.http.PeerCertificateVerticle;
import dev.augur.http.RouterVerticle;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The ports of a node: for clients or for itself alone, and for other nodes. Thread-safe. */
final class HttpFaces {
    private final ServerConfig config;
    private final List<RouterVerticle> routers = new CopyOnWriteArrayList<>();
    private final List<RouterVerticle> management = new CopyOnWriteArrayList<>();
    private final List<RouterVerticle> peers = new CopyOnWriteArrayList<>();

    HttpFaces(ServerConfig config) {
        this.config = config;
    }

    /**
     * Opens the port for clients, that for those who look after the node, or both; the second, so that it is there for
     * longer, first.
     */
    Future<?> deploy(Deployments deployments, Backend backend, Supplier<Duration> drainTimeout) {
        var http = config.http();
        if (!config.roles().contains(Role.HTTP)) {
            return deploy(deployments, drainTimeout, new Port(http.managed(), backend.facing(Face.ALONE), routers));
        }
        if (http.management().isEmpty()) {
            return deploy(deployments, drainTimeout, new Port(http, backend.facing(Face.ALL), routers));
        }
        return deploy(deployments, drainTimeout, new Port(http.managed(), backend.facing(Face.OPERATORS), management))
                .compose(open ->
                        deploy(deployments, drainTimeout, new Port(http, backend.facing(Face.CLIENTS), routers)));
    }

    /** Opens the port for other nodes, where there can be some and they can ask for something. */
    Future<?> deployPeers(Deployments deployments, Backend backend, Supplier<Duration> drainTimeout) {
        if (!backend.status().nodes().clustered() || !config.roles().contains(Role.PREDICT)) {
            return Future.succeededFuture();
        }
        var surface = new Backend.Surface(
                List.of(),
                Face.PEERS,
                backend.surface().files(),
                Doorkeeper.OPEN, // who asks was checked where the request came in
                Optional.empty(),
                config.routing(),
                /* limits= */ Optional.empty());
        var same = new Backend(
                backend.prediction(), backend.control(), backend.log(), backend.status(), backend.memory(), surface);
        return deploy(deployments, drainTimeout, new Port(config.http().peers(config.routing()), same, peers));
    }

    /** Has the ports for other nodes, and what asks them, follow the files of {@code cluster.tls}. */
    Future<?> followCertificate(Deployments deployments, Backend backend) {
        var tls = config.cluster().tls();
        return tls.isEmpty() || !backend.status().nodes().clustered()
                ? Future.succeededFuture()
                : deployments.deploy(
                        Part.HTTP,
                        () -> new PeerCertificateVerticle(
                                tls.get(),
                                config.cluster().host(),
                                this::show,
                                backend.status().meters().tls()),
                        1);
    }

    private Future<?> show(PeerCertificate certificate) {
        return Future.join(Stream.of(routers, management, peers)
                .flatMap(List::stream)
                .map(router -> router.show(certificate))
                .toList());
    }

    private record Port(HttpConfig http, Backend backend, List<RouterVerticle> routers) {}

    private static Future<?> deploy(Deployments deployments, Supplier<Duration> drainTimeout, Port opened) {
        return deployments.deploy(
                Part.HTTP,
                () -> {
                    var router = new RouterVerticle(opened.http(), opened.backend(), drainTimeout);
                    opened.routers().add(router);
                    return router;
                },
                opened.http().listener().instances());
    }

    /** The address for clients; empty before it listens. */
    Optional<String> url() {
        return url(routers);
    }

    /** The address for those who look after the node; empty where it is none of its own. */
    Optional<String> managementUrl() {
        return url(management);
    }

    private static Optional<String> url(List<RouterVerticle> some) {
        return some.stream().filter(router -> router.port() > 0).findFirst().map(RouterVerticle::url);
    }

    /** Where other nodes ask; empty where they cannot. */
    String peersPlace() {
        return peers.stream()
                .filter(router -> router.port() > 0)
                .findFirst()
                .map(router -> config.http().peers(config.routing()).listener().inUrl() + ":" + router.port())
                .orElse("");
    }

    /** The routes for clients, each as {@code METHOD path}. */
    List<String> routes() {
        return routers.stream().findFirst().map(RouterVerticle::routes).orElse(List.of());
    }
}
