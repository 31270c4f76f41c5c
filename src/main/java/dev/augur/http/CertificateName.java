package dev.augur.http;

import io.vertx.core.http.HttpConnection;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The name in the certificate of a client. Thread-safe. */
final class CertificateName {
    private static final int MAX_LETTERS = 200;

    private CertificateName() {}

    /** Its common name, or its whole name where it has none; empty where no certificate was shown, or none verified. */
    static Optional<String> of(HttpConnection connection) {
        if (!connection.isSsl()) {
            return Optional.empty();
        }
        try {
            return connection.peerCertificates().stream()
                    .findFirst()
                    .filter(X509Certificate.class::isInstance)
                    .map(certificate -> name(((X509Certificate) certificate)
                            .getSubjectX500Principal()
                            .getName()))
                    .filter(name -> !name.isBlank() && name.length() <= MAX_LETTERS);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private static String name(String distinguished) {
        try {
            return new LdapName(distinguished)
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst()
                            .orElse(distinguished);
        } catch (InvalidNameException e) {
            return distinguished;
        }
    }
}
