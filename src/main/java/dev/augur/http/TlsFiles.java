package dev.augur.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/** The files of TLS. Used by one thread at a time; blocks. */
final class TlsFiles {
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");
    private static final List<String> HTTP_VERSIONS = List.of("h2", "http/1.1");
    private static final byte[] SAMPLE = "sample".getBytes(StandardCharsets.US_ASCII);

    private final Vertx vertx;
    private final HttpConfig.Tls config;
    private final Duration handshakeTimeout;
    private String stamp = "";

    TlsFiles(Vertx vertx, HttpConfig.Tls config, Duration handshakeTimeout) {
        this.vertx = vertx;
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
        String now = stampNow();
        if (now.equals(stamp)) {
            return null;
        }
        var options = read();
        stamp = now;
        return options;
    }

    private String stampNow() throws IOException {
        var all = new StringBuilder();
        for (Path file : Stream.concat(Stream.of(config.certificate(), config.key()), config.clientAuthority().stream())
                .toList()) {
            all.append(Files.getLastModifiedTime(file))
                    .append(' ')
                    .append(Files.size(file))
                    .append(' ');
        }
        return all.toString();
    }

    private ServerSSLOptions read() throws IOException {
        var pair = new PemKeyCertOptions()
                .setCertValue(content(config.certificate()))
                .setKeyValue(content(config.key()));
        requirePair(pair);
        var options = new ServerSSLOptions()
                .setKeyCertOptions(pair)
                .setUseAlpn(true)
                .setApplicationLayerProtocols(HTTP_VERSIONS)
                .setEnabledSecureTransportProtocols(new TreeSet<>(PROTOCOLS))
                .setSslHandshakeTimeout(handshakeTimeout.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        if (config.clientAuthority().isPresent()) {
            var authority = content(config.clientAuthority().get());
            var unused = certificate(config.clientAuthority().get(), authority); // fails on what is none
            options.setTrustOptions(new PemTrustOptions().addCertValue(authority));
        }
        return options.setClientAuth(
                switch (config.client()) {
                    case NONE -> ClientAuth.NONE;
                    case REQUEST -> ClientAuth.REQUEST;
                    case REQUIRED -> ClientAuth.REQUIRED;
                });
    }

    private static Buffer content(Path file) throws IOException {
        return Buffer.buffer(Files.readAllBytes(file));
    }

    /** Certificate and key of two different pairs would fail at every handshake, and only there. */
    private void requirePair(PemKeyCertOptions pair) throws IOException {
        var certificate = certificate(config.certificate(), pair.getCertValue());
        PrivateKey key;
        try {
            var manager = (X509KeyManager) pair.getKeyManagerFactory(vertx).getKeyManagers()[0];
            var aliases = manager.getServerAliases(certificate.getPublicKey().getAlgorithm(), null);
            key = aliases == null ? null : manager.getPrivateKey(aliases[0]);
        } catch (Exception e) { // whatever the parts of a key may be
            throw new IOException(
                    config.key() + ": expected a private key in PEM without a password: " + e.getMessage());
        }
        if (key == null || !belongs(key, certificate.getPublicKey())) {
            throw new IOException(config.key() + ": is not the key of the certificate in " + config.certificate());
        }
    }

    private static boolean belongs(PrivateKey key, PublicKey certified) {
        String algorithm =
                switch (certified.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> certified.getAlgorithm();
                };
        try {
            var signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(SAMPLE);
            byte[] signature = signing.sign();
            signing.initVerify(certified);
            signing.update(SAMPLE);
            return signing.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static X509Certificate certificate(Path file, Buffer pem) throws IOException {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes()));
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": expected certificates in PEM: " + e.getMessage());
        }
    }
}
