package dev.augur.http;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of TLS. Used by one thread at a time; blocks. */
final class TlsFiles {
    static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");
    private static final List<String> HTTP_VERSIONS = List.of("h2", "http/1.1");

    private final HttpConfig.Tls config;
    private final Duration handshakeTimeout;
    private String stamp = "";

    TlsFiles(HttpConfig.Tls config, Duration handshakeTimeout) {
        this.config = config;
        this.handshakeTimeout = handshakeTimeout;
    }

    /**
     * What they hold, if they have changed since the last call; else {@code null}.
     *
     * @throws IOException that names the file and what is wrong with it; the next call then looks again
     */
    @Nullable
    ServerSSLOptions changed() throws IOException {
        String now = FileStamp.of(
                Stream.concat(Stream.of(config.certificate(), config.key()), config.clientAuthority().stream())
                        .toList());
        if (now.equals(stamp)) {
            return null;
        }
        var options = read();
        stamp = now;
        return options;
    }

    /** Those of a server of HTTP that shows this pair, and asks nobody for a certificate. */
    static ServerSSLOptions server(PemKeyCertOptions pair, Duration handshakeTimeout) {
        return new ServerSSLOptions()
                .setKeyCertOptions(pair)
                .setUseAlpn(true)
                .setApplicationLayerProtocols(HTTP_VERSIONS)
                .setEnabledSecureTransportProtocols(new TreeSet<>(PROTOCOLS))
                .setSslHandshakeTimeout(handshakeTimeout.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private ServerSSLOptions read() throws IOException {
        var options = server(Pem.pair(config.certificate(), config.key()), handshakeTimeout);
        if (config.clientAuthority().isPresent()) {
            var authority = config.clientAuthority().get();
            var unused = Pem.certificates(authority); // fails on what is none
            options.setTrustOptions(new PemTrustOptions().addCertValue(Pem.content(authority)));
        }
        return options.setClientAuth(
                switch (config.client()) {
                    case NONE -> ClientAuth.NONE;
                    case REQUEST -> ClientAuth.REQUEST;
                    case REQUIRED -> ClientAuth.REQUIRED;
                });
    }
}
