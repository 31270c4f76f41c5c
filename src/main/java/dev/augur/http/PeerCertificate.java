package dev.augur.http;

import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** What a node shows other nodes, and whose certificates it believes. Immutable, thread-safe. */
public final class PeerCertificate {
    private static final String KEY = "cluster.tls.";
    private static final String BY_HOST = "HTTPS"; // the rules of RFC 2818, as the JDK calls them
    private static final String ANY_EXCHANGE = "UNKNOWN"; // as in TLS 1.3, where a certificate does not say it
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final PemKeyCertOptions pair;
    private final PemTrustOptions trusted;
    private final PeerTls files;
    private final Instant ends;

    private PeerCertificate(PemKeyCertOptions pair, PemTrustOptions trusted, PeerTls files, Instant ends) {
        this.pair = pair;
        this.trusted = trusted;
        this.files = files;
        this.ends = ends;
    }

    /**
     * Reads the files; blocks.
     *
     * @param host this node's address for the others, which its certificate has to have
     * @throws IOException that names the setting, the file and what is wrong with it: also when other nodes would
     *     refuse the certificate
     */
    public static PeerCertificate read(PeerTls files, String host) throws IOException {
        var chain = inSetting("certificate", () -> Pem.certificates(files.certificate()));
        var pair = inSetting("key", () -> Pem.pair(files.certificate(), files.key()));
        var authorities = inSetting("authority", () -> Pem.certificates(files.authority()));
        requireNow("authority", files.authority(), authorities);
        requireNow("certificate", files.certificate(), chain);
        requireTrust(files, chain, authorities);
        requireName(files, chain.get(0), host);
        var trusted = new PemTrustOptions().addCertValue(Pem.content(files.authority()));
        var ends = chain.stream().map(certificate -> certificate.getNotAfter().toInstant());
        return new PeerCertificate(
                pair, trusted, files, ends.min(Comparator.naturalOrder()).orElseThrow());
    }

    /** Whether the files can be used: fails with what is wrong with them. */
    public static Future<?> check(Vertx vertx, PeerTls files, String host) {
        var workers = new WorkerPool(vertx, "augur-tls-check", /* workers= */ 1, /* queue= */ 1);
        return workers.run(() -> read(files, host));
    }

    /** What this node shows. */
    public PemKeyCertOptions pair() {
        return pair;
    }

    /** Whose certificates it believes. */
    public PemTrustOptions trusted() {
        return trusted;
    }

    /** The name that every node's certificate has; empty where each has its node's address. */
    public Optional<String> name() {
        return files.name();
    }

    /** When it ends; the first of those between it and its authority, too. */
    public Instant ends() {
        return ends;
    }

    /** As the port for other nodes shows and believes it. */
    ServerSSLOptions server(Duration handshakeTimeout) {
        return TlsFiles.server(pair, handshakeTimeout).setTrustOptions(trusted).setClientAuth(ClientAuth.REQUIRED);
    }

    /** As who asks other nodes shows and believes it. */
    ClientSSLOptions client() {
        return new ClientSSLOptions()
                .setKeyCertOptions(pair)
                .setTrustOptions(trusted)
                .setHostnameVerificationAlgorithm(BY_HOST)
                .setEnabledSecureTransportProtocols(protocols());
    }

    /** The versions of TLS that nodes speak. */
    public static Set<String> protocols() {
        return TlsFiles.PROTOCOLS;
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T inSetting(String key, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new IOException(KEY + key + ": " + e.getMessage(), e);
        }
    }

    private static void requireNow(String key, Path file, List<X509Certificate> all) throws IOException {
        for (var certificate : all) {
            try {
                certificate.checkValidity();
            } catch (CertificateException e) {
                throw new IOException(KEY + key + ": " + file + ": holds from "
                        + certificate.getNotBefore().toInstant() + " to "
                        + certificate.getNotAfter().toInstant() + ", expected one that holds now");
            }
        }
    }

    /** Other nodes look at it as we look at theirs: as that of a server, and as that of a client. */
    private static void requireTrust(PeerTls files, List<X509Certificate> chain, List<X509Certificate> authorities)
            throws IOException {
        var shown = chain.toArray(X509Certificate[]::new);
        try {
            var manager = trusting(authorities);
            manager.checkServerTrusted(shown, ANY_EXCHANGE);
            manager.checkClientTrusted(shown, ANY_EXCHANGE);
        } catch (GeneralSecurityException e) {
            throw new IOException(KEY + "certificate: " + files.certificate() + ": expected one for servers and clients"
                    + " from an authority in " + files.authority() + " (cluster.tls.authority): " + e.getMessage());
        }
    }

    private static X509TrustManager trusting(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    private static void requireName(PeerTls files, X509Certificate own, String host) throws IOException {
        var names = names(own);
        String expected = files.name().orElse(host);
        if (names.stream().noneMatch(name -> matches(name, expected))) {
            throw new IOException(KEY + "certificate: " + files.certificate() + ": is for " + names + ", expected "
                    + expected + " (" + (files.name().isPresent() ? "cluster.tls.name" : "cluster.host")
                    + ") among its alternative names");
        }
    }

    private static List<String> names(X509Certificate certificate) {
        var names = new ArrayList<String>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> entry : all == null ? List.<List<?>>of() : all) {
                if (entry.get(0) instanceof Integer kind && (kind == DNS_NAME || kind == IP_ADDRESS)) {
                    names.add(String.valueOf(entry.get(1)));
                }
            }
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
        return names;
    }

    private static boolean matches(String name, String expected) {
        if (ADDRESS.matcher(expected).matches()) {
            return ADDRESS.matcher(name).matches() && address(name).equals(address(expected));
        }
        String wanted = expected.toLowerCase(Locale.ROOT);
        String given = name.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return given.equals(wanted) || (dot > 0 && given.equals("*" + wanted.substring(dot)));
    }

    private static Optional<InetAddress> address(String text) {
        try {
            return Optional.of(InetAddress.getByName(text)); // no name: none is looked up
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
