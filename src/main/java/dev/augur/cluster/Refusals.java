package dev.augur.cluster;

import dev.augur.error.Repeated;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which connections between nodes did not come about: a line the 1st, 2nd, 4th, 8th time. Thread-safe. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int REMEMBERED = 1_000;
    private static final int MOST_CAUSES = 10;

    private final Map<String, Long> counts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Somebody at that address has come, and was not let in. */
    void came(String address, Throwable failure) {
        tell("cluster: a program at " + address + " was refused", failure, "shows");
    }

    /** The node at that address was asked, and cannot be. */
    void asked(String address, Throwable failure) {
        tell("cluster: the node at " + address + " cannot be asked", failure, "has");
    }

    private void tell(String what, Throwable failure, String verb) {
        String line = what + ": " + reason(failure, verb);
        long count = count(line);
        if (Repeated.tells(count)) {
            LOG.warn("{}{}", line, count == 1 ? "" : " (" + count + " times)");
        }
    }

    private synchronized long count(String line) {
        return counts.merge(line, 1L, Long::sum);
    }

    /** What went wrong, in words of the settings. */
    static String reason(Throwable failure, String verb) {
        var causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(MOST_CAUSES)
                .toList();
        for (Throwable cause : causes) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof NotSslRecordException) {
                return "it does not speak TLS (cluster.tls)";
            } else if (cause instanceof SslHandshakeTimeoutException) {
                return "it does not answer as TLS does (cluster.tls)";
            } else if (cause instanceof CertificateExpiredException
                    || cause instanceof CertificateNotYetValidException) {
                return "its certificate does not hold now: " + message;
            } else if (message.contains("unable to find valid certification path")
                    || message.contains("does not chain with any of the trust anchors")) {
                return "its certificate is not from an authority in the file cluster.tls.authority";
            } else if (message.contains("mpty client certificate chain")) {
                return "it " + verb + " no certificate";
            } else if (message.contains("fatal alert")) {
                return "it has refused this node's certificate (" + message + ")";
            }
        }
        var last = causes.get(causes.size() - 1);
        boolean told = last instanceof SSLException || last instanceof CertificateException;
        return told && last.getMessage() != null ? last.getMessage() : last.toString();
    }
}
