package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.membership.Nodes;
import dev.augur.metrics.RoutingMeters;
import dev.augur.statement.LessLoaded;
import dev.augur.statement.NodeStatement;
import dev.augur.time.Backoff;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The other nodes as one router sees them: which to ask, and the client that asks, over HTTP/1.1 and connections that
 * are kept. One that did not answer is left out for a while, each time for longer. Confined to one event loop.
 */
final class Peers {
    /** How long a connection is kept that has nothing to do. */
    static final Duration KEPT = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final int CONNECT_MILLIS = 1_000;
    private static final int USER_TIMEOUT_MILLIS = 5_000;
    private static final int HEADER_BYTES = 1 << 16;

    private static final SocketAddress NOWHERE = SocketAddress.inetSocketAddress(0, "localhost");

    private final Vertx vertx;
    private final Nodes nodes;
    private final RoutingConfig config;
    private final BlockStock blocks;
    private final RoutingMeters meters;
    private final Backoff backoff;
    private HttpClient client;
    private final Map<String, Peer> peers = new HashMap<>(); // those that were asked and are still there
    private final Set<RoutedCall> calls = new HashSet<>();

    /** What this router knows of one node. */
    private static final class Peer {
        private int inFlight;
        private int failures;
        private long outUntilNanos = System.nanoTime();
        private String place = "";
        private SocketAddress address = NOWHERE;

        /** Its address, which stays the same for long. */
        private SocketAddress at(String told) {
            if (!told.equals(place)) {
                int colon = told.lastIndexOf(':');
                String host = told.substring(0, colon).replaceAll("[\\[\\]]", "");
                address = SocketAddress.inetSocketAddress(Integer.parseInt(told.substring(colon + 1)), host);
                place = told;
            }
            return address;
        }

        private boolean out() {
            return failures > 0 && outUntilNanos - System.nanoTime() > 0;
        }
    }

    @SuppressWarnings("NullAway.Init") // set in open(), which comes before every use
    Peers(Vertx vertx, Nodes nodes, RoutingConfig config, BlockStock blocks, RoutingMeters meters) {
        this.vertx = vertx;
        this.nodes = nodes;
        this.config = config;
        this.blocks = blocks;
        this.meters = meters;
        this.backoff = new Backoff(FIRST_PAUSE, config.longestPause());
    }

    /** What large answers lie in. */
    BlockStock blocks() {
        return blocks;
    }

    /** Makes ready to ask; fails when the certificate to show cannot be used. */
    Future<?> open(WorkerPool workers) {
        var tls = config.tls().orElse(null);
        Future<@Nullable PeerCertificate> read =
                tls == null ? Future.succeededFuture() : workers.run(() -> PeerCertificate.read(tls, config.host()));
        return read.onSuccess(certificate -> client = vertx.createHttpClient(
                options(certificate),
                new PoolOptions().setHttp1MaxSize(config.connections()).setMaxWaitQueueSize(config.requests())));
    }

    private static HttpClientOptions options(@Nullable PeerCertificate certificate) {
        var options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAliveTimeout((int) KEPT.toSeconds())
                .setMaxHeaderSize(HEADER_BYTES)
                .setSoLinger(0) // a node learns at once that nobody waits for its answer
                .setConnectTimeout(CONNECT_MILLIS)
                .setTcpUserTimeout(USER_TIMEOUT_MILLIS);
        return certificate == null
                ? options
                : options.setSsl(true)
                        .setVerifyHost(true)
                        .setKeyCertOptions(certificate.pair())
                        .setTrustOptions(certificate.trusted())
                        .setEnabledSecureTransportProtocols(PeerCertificate.protocols());
    }

    /** Where requests to a node are sent; its certificate has to have the host of that. */
    RequestOptions to(NodeStatement node) {
        var at = peer(node.node()).at(node.identity().places().peers());
        var options = new RequestOptions().setPort(at.port());
        return config.tls()
                .flatMap(PeerTls::name)
                .map(name -> options.setHost(name).setServer(at))
                .orElseGet(() -> options.setHost(at.host()));
    }

    /** What a request to a node says whom it is for. */
    HostAndPort authority(NodeStatement node) {
        return HostHeader.of(peer(node.node()).at(node.identity().places().peers()));
    }

    Vertx vertx() {
        return vertx;
    }

    HttpClient client() {
        return client;
    }

    RoutingConfig config() {
        return config;
    }

    RoutingMeters meters() {
        return meters;
    }

    /** Whether another node can be asked for that. */
    boolean has(Predicate<NodeStatement> serves) {
        for (var node : nodes.others()) {
            if (usable(node, serves)) {
                return true;
            }
        }
        return false;
    }

    /** The other nodes that know of that. */
    List<NodeStatement> knowing(Predicate<NodeStatement> named) {
        return nodes.others().stream().map(Nodes.Seen::statement).filter(named).toList();
    }

    /** Whether this node knows of that. */
    boolean knownHere(Predicate<NodeStatement> named) {
        return named.test(nodes.self());
    }

    /** Whether only other nodes have models, and one that has some is there. */
    boolean othersHaveModels() {
        return !predicts(nodes.self())
                && nodes.others().stream()
                        .anyMatch(node -> !node.statement().models().isEmpty());
    }

    private static boolean predicts(NodeStatement node) {
        return node.identity().roles().contains("predict");
    }

    /**
     * A node to ask: of two that are chosen by lot the one with fewer requests. One that drains is never asked; one
     * that did not answer lately only if there is no other.
     *
     * @param tried nodes that were asked before
     */
    Optional<NodeStatement> choose(Predicate<NodeStatement> serves, Set<String> tried) {
        var good = new ArrayList<NodeStatement>();
        var others = new ArrayList<NodeStatement>();
        for (var node : nodes.others()) {
            var said = node.statement();
            if (usable(node, serves) && !tried.contains(said.node())) {
                (nodes.answers(node) && !peer(said.node()).out() ? good : others).add(said);
            }
        }
        var some = good.isEmpty() ? others : good;
        return some.isEmpty() ? Optional.empty() : Optional.of(LessLoaded.of(some, this::load));
    }

    /** What it has said, and what it was sent from here, of which it may not have told yet. */
    private int load(NodeStatement node) {
        return Math.max(node.load().inFlight(), peer(node.node()).inFlight);
    }

    private static boolean usable(Nodes.Seen node, Predicate<NodeStatement> serves) {
        var said = node.statement();
        return !said.load().draining() && !said.identity().places().peers().isEmpty() && serves.test(said);
    }

    private Peer peer(String node) {
        return peers.computeIfAbsent(node, first -> new Peer());
    }

    /** A call begins. Fails with {@code OVERLOADED} when there are too many. */
    Future<Void> begin(RoutedCall call) {
        if (calls.size() >= config.requests()) {
            return Future.failedFuture(new ServingException(
                    ErrorCode.OVERLOADED, "too many requests at other nodes (cluster.routing.max-requests)"));
        }
        calls.add(call);
        peer(call.node().node()).inFlight++;
        meters.inFlight(1);
        return Future.succeededFuture();
    }

    /** A call is over. */
    void end(RoutedCall call) {
        if (calls.remove(call)) {
            peer(call.node().node()).inFlight--;
            meters.inFlight(-1);
        }
    }

    /** That node has answered. */
    void good(NodeStatement node) {
        peer(node.node()).failures = 0;
    }

    /** That node could not be reached, or was lost. */
    void bad(NodeStatement node) {
        var peer = peer(node.node());
        if (!peer.out()) {
            peer.failures++;
            var pause = backoff.halfAfter(peer.failures, ThreadLocalRandom.current());
            peer.outUntilNanos = System.nanoTime() + pause.toNanos();
        }
    }

    /** Tells the calls whose node says nothing any more; called now and then. */
    void sweep() {
        for (RoutedCall call : Set.copyOf(calls)) {
            boolean silent = nodes.find(call.node().node())
                    .map(node -> !nodes.answers(node))
                    .orElse(true);
            if (silent) {
                call.silent();
            }
        }
        peers.entrySet()
                .removeIf(known -> known.getValue().inFlight == 0
                        && nodes.find(known.getKey()).isEmpty());
    }
}
