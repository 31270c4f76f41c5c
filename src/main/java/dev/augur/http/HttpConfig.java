package dev.augur.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The HTTP server as configured.
 *
 * @param listener where it listens
 * @param management where those who look after it ask; empty where they ask as all others do
 * @param basePath below which all routes are, such as {@code /augur}; empty where they begin at the root
 * @param limits what one request may take, and all together
 * @param clients what one client may ask of it
 * @param proxies that stand in front of it
 * @param heads what a request's head may take
 * @param cors which pages of other servers may use it from a browser
 * @param docs whether it describes itself: {@code /openapi.json} and {@code /docs}
 * @param accessLog one of so many requests has a line in the access log; 0 for none
 * @param security how connections are encrypted
 */
public record HttpConfig(
        Listener listener,
        Optional<Listener> management,
        String basePath,
        Limits limits,
        Clients clients,
        Proxies proxies,
        Heads heads,
        Cors cors,
        boolean docs,
        int accessLog,
        Security security) {

    /**
     * Where the server listens.
     *
     * @param port 0 takes a free one
     * @param instances router verticles, each on an event loop of its own
     * @param further ports behind it that are tried if it is taken
     */
    public record Listener(String host, int port, int instances, int further) {
        /** The host as a URL has it: an address of IPv6 in brackets. */
        public String inUrl() {
            return host.contains(":") ? "[" + host + "]" : host;
        }
    }

    /** The same for those who look after the server. */
    public HttpConfig managed() {
        return new HttpConfig(
                management.orElseThrow(),
                Optional.empty(),
                /* basePath= */ "",
                limits.forPeers(),
                Clients.UNLIMITED,
                proxies,
                heads,
                cors,
                docs,
                accessLog,
                security);
    }

    /**
     * What one client may have, at all ports for clients of a node together; 0 is without limit.
     *
     * @param connections open ones from one address
     * @param burst requests that may come at once after a pause
     * @param bytesPerSecond of its requests and their answers
     */
    public record Clients(int connections, int requestsPerSecond, int burst, int inFlight, long bytesPerSecond) {
        static final Clients UNLIMITED = new Clients(0, 0, 0, 0, 0);

        /** Whether there is any limit. */
        public boolean limited() {
            return connections > 0 || requestsPerSecond > 0 || inFlight > 0 || bytesPerSecond > 0;
        }
    }

    /** The same for other nodes, which are let in by a key. */
    public HttpConfig peers(RoutingConfig routing) {
        return new HttpConfig(
                new Listener(routing.host(), routing.port(), listener.instances(), /* further= */ 0),
                Optional.empty(),
                /* basePath= */ "",
                limits.forPeers(),
                Clients.UNLIMITED,
                new Proxies(List.of(), /* standard= */ false),
                heads.forPeers(),
                new Cors(Set.of(), Set.of(), Set.of()),
                /* docs= */ false,
                accessLog,
                new Security(
                        routing.tls()
                                .map(tls -> new Tls(
                                        tls.certificate(),
                                        tls.key(),
                                        Optional.of(tls.authority()),
                                        ClientCertificate.REQUIRED)),
                        /* cleartextHttp2= */ true, // nodes before this version ask so
                        Duration.ZERO));
    }

    /**
     * What requests may take.
     *
     * @param connections open connections of one router verticle; further ones are closed at once
     * @param bodyBytes largest body of a typed route
     * @param inferenceBodyBytes largest body of an inference request
     * @param bodyMemoryBytes what the bodies of all requests together may take
     * @param answerMemoryBytes what large answers together may take until their clients have read them
     * @param eventLoopBytes largest JSON that is read or written on the event loop; larger ones go to a worker
     * @param requestTimeout longest time from a request's head to its answer
     * @param bodyTimeout time in which a request's body must have arrived whole
     * @param idleTimeout time in which a connection without a request in flight must send a whole request head
     * @param writeTimeout time in which a client must read some of its answer
     */
    public record Limits(
            int connections,
            int bodyBytes,
            int inferenceBodyBytes,
            long bodyMemoryBytes,
            long answerMemoryBytes,
            int eventLoopBytes,
            Duration requestTimeout,
            Duration bodyTimeout,
            Duration idleTimeout,
            Duration writeTimeout) {
        /** The same where nodes ask, who end their connections themselves, after {@link Peers#KEPT}. */
        private Limits forPeers() {
            return new Limits(
                    connections,
                    bodyBytes,
                    inferenceBodyBytes,
                    bodyMemoryBytes,
                    answerMemoryBytes,
                    eventLoopBytes,
                    requestTimeout,
                    bodyTimeout,
                    Peers.KEPT.multipliedBy(2),
                    writeTimeout);
        }
    }

    /**
     * What the head of a request may take: its line and its headers.
     *
     * @param lineBytes longest request line
     * @param headerBytes all headers together
     * @param timeout time in which the first head of a connection must have arrived whole
     */
    public record Heads(int lineBytes, int headerBytes, Duration timeout) {
        /** What other nodes add to the headers of their clients has room, too. */
        private static final int ADDED_BYTES = 1 << 14;

        /** What a request with a longer line is told. */
        String lineTooLong() {
            return "the request line is longer than http.max-request-line, " + lineBytes + " bytes";
        }

        /** The same where nodes ask. */
        private Heads forPeers() {
            return new Heads(lineBytes, headerBytes + ADDED_BYTES, timeout);
        }

        /** What a request with larger headers is told. */
        String headersTooLarge() {
            return "the headers are larger than http.max-headers, " + headerBytes + " bytes";
        }
    }

    /**
     * Cross-origin requests of browsers. Immutable.
     *
     * @param origins such as {@code https://shop.example}, or {@code *} for all; none switches it off
     * @param headers that a page may send
     * @param methods that a page may use
     */
    public record Cors(Set<String> origins, Set<String> headers, Set<String> methods) {
        /** A cross-origin setting. */
        public Cors {
            origins = Set.copyOf(origins);
            headers = Set.copyOf(headers);
            methods = Set.copyOf(methods);
        }
    }

    /**
     * How connections are encrypted.
     *
     * @param cleartextHttp2 whether HTTP/2 is served without TLS, too
     * @param hsts for how long browsers are told to come over TLS alone; zero: they are told nothing
     */
    public record Security(Optional<Tls> tls, boolean cleartextHttp2, Duration hsts) {
        /** What answers tell of that. */
        Optional<String> strictTransport() {
            return tls.filter(any -> !hsts.isZero()).map(any -> "max-age=" + hsts.toSeconds());
        }
    }

    /**
     * TLS, by files of PEM that are read again when they change.
     *
     * @param certificate the server's, with those between it and its authority behind it
     * @param clientAuthority whose certificates clients may show
     */
    public record Tls(Path certificate, Path key, Optional<Path> clientAuthority, ClientCertificate client) {}

    /** Whether clients show a certificate. */
    public enum ClientCertificate {
        NONE,
        /** It is asked for; who has none is served as well. */
        REQUEST,
        /** Who has none is not served. */
        REQUIRED
    }
}
