package dev.augur.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509KeyManager;

/** Reads files of PEM; an {@code IOException} names the file and what is wrong with it. Thread-safe; blocks. */
final class Pem {
    private static final byte[] SAMPLE = "sample".getBytes(StandardCharsets.US_ASCII);

    private Pem() {}

    static Buffer content(Path file) throws IOException {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + ": this user may not read it", e);
        }
    }

    /** The certificates of a file, one at least. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        try {
            var all = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(content(file).getBytes()))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (all.isEmpty()) {
                throw new IOException(file + ": expected certificates in PEM, found none");
            }
            return all;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": expected certificates in PEM: " + e.getMessage());
        }
    }

    /** A certificate and its key. Those of two different pairs would fail at every handshake, and only there. */
    static PemKeyCertOptions pair(Path certificateFile, Path keyFile) throws IOException {
        var pair =
                new PemKeyCertOptions().setCertValue(content(certificateFile)).setKeyValue(content(keyFile));
        var certified = certificates(certificateFile).get(0).getPublicKey();
        PrivateKey key;
        try {
            var manager = (X509KeyManager) pair.getKeyManagerFactory(null).getKeyManagers()[0]; // there are no paths
            var aliases = manager.getServerAliases(certified.getAlgorithm(), null);
            key = aliases == null ? null : manager.getPrivateKey(aliases[0]);
        } catch (Exception e) { // whatever the parts of a key may be
            throw new IOException(keyFile + ": expected a private key in PEM without a password: " + e.getMessage());
        }
        if (key == null || !belongs(key, certified)) {
            throw new IOException(keyFile + ": is not the key of the certificate in " + certificateFile);
        }
        return pair;
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
}
