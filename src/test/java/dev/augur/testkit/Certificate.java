package dev.augur.testkit;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server's certificate for 127.0.0.1 that it signed itself, made by the JDK's {@code keytool}.
 *
 * @param file the certificate, as PEM; also the authority to trust
 * @param keyFile its private key, as PEM
 */
public record Certificate(Path file, Path keyFile) {
    static final String PASSWORD = "changeit";
    private static final String ALIAS = "server";

    /** Makes one in that folder. */
    public static Certificate create(Path folder) throws Exception {
        Path store = folder.resolve("server.p12");
        ChildProcess.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=server",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        return pem(folder, ALIAS, KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()));
    }

    /** One of a store of keys, as files in that folder. */
    static Certificate pem(Path folder, String alias, KeyStore keys) throws Exception {
        byte[] key = keys.getKey(alias, PASSWORD.toCharArray()).getEncoded();
        return new Certificate(
                pem(
                        folder.resolve(alias + ".crt"),
                        "CERTIFICATE",
                        keys.getCertificate(alias).getEncoded()),
                pem(folder.resolve(alias + ".key"), "PRIVATE KEY", key));
    }

    /** The certificate. */
    public X509Certificate certificate() throws Exception {
        try (var in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** For a client that trusts this server, and shows that certificate, if it has one. */
    public SSLContext trust(Certificate own) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null);
        trusted.setCertificateEntry(ALIAS, certificate());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(own == null ? null : own.keys(), trust.getTrustManagers(), null);
        return context;
    }

    private KeyManager[] keys() throws Exception {
        var manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        var store = KeyStore.getInstance(file.resolveSibling("server.p12").toFile(), PASSWORD.toCharArray());
        manager.init(store, PASSWORD.toCharArray());
        return manager.getKeyManagers();
    }

    /** For a client that looks at a certificate and nothing else. */
    public static SSLContext trustAnybody() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context;
    }

    private static Path pem(Path file, String kind, byte[] content) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
        ChildProcess.run(List.of("chmod", "600", file.toString()));
        return file;
    }
}
