package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.testkit.Certificate;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server with TLS, from real clients. */
class TlsTest {
    private static final String GET = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    static Path pairs;

    private static Certificate first;
    private static Certificate second;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeCertificates() throws Exception {
        first = Certificate.create(Files.createDirectory(pairs.resolve("first")));
        second = Certificate.create(Files.createDirectory(pairs.resolve("second")));
    }

    private String[] files(String... more) {
        return Stream.concat(
                        Stream.of(
                                "http.tls.certificate=" + folder.resolve("tls.crt"),
                                "http.tls.key=" + folder.resolve("tls.key"),
                                "http.instances=2"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private void put(Certificate pair, int secondsAhead) throws IOException {
        for (var file :
                Map.of(pair.file(), "tls.crt", pair.keyFile(), "tls.key").entrySet()) {
            var target = folder.resolve(file.getValue());
            Files.copy(file.getKey(), target, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(target, FileTime.from(Instant.now().plusSeconds(secondsAhead)));
        }
    }

    private static HttpResponse<String> get(TestServer server, HttpClient client, HttpClient.Version version)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/v2/health/live"))
                .version(version)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpClient trusting(Certificate server) throws Exception {
        return HttpClient.newBuilder().sslContext(server.trust(null)).build();
    }

    private static SSLSocket connect(TestServer server, Certificate trusted) throws Exception {
        var socket = (SSLSocket) trusted.trust(null).getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    private static String say(SSLSocket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        var answer = new StringBuilder();
        while (!answer.toString().endsWith("}")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            answer.append((char) next);
        }
        return answer.toString();
    }

    @Test
    void servesBothVersionsOfHttp() throws Exception {
        put(first, 0);
        try (var server = TestServer.start(files())) {
            assertThat(server.server().url().orElseThrow()).startsWith("https://");
            for (var version : HttpClient.Version.values()) {
                var answer = get(server, trusting(first), version);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(version);
            }
            assertThatThrownBy(() -> get(server, trusting(second), HttpClient.Version.HTTP_1_1))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void tellsBrowsersToStayWithItWhereItIsToldTo() throws Exception {
        put(first, 0);
        try (var server = TestServer.start(files("http.tls.hsts=365d", "management.port=0"))) {
            for (var version : HttpClient.Version.values()) {
                assertThat(get(server, trusting(first), version).headers().firstValue("Strict-Transport-Security"))
                        .contains("max-age=31536000");
            }
            assertThat(server.server().managementUrl().orElseThrow()).startsWith("https://");
        }
    }

    @Test
    void followsNewFilesAndLeavesOpenConnections() throws Exception {
        put(first, 0);
        try (var server = TestServer.start(files());
                var open = connect(server, first)) {
            assertThat(say(open, GET)).startsWith("HTTP/1.1 200");
            Files.copy(second.file(), folder.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING); // half of it
            Files.setLastModifiedTime(
                    folder.resolve("tls.crt"), FileTime.from(Instant.now().plusSeconds(5)));
            assertThat(get(server, trusting(first), HttpClient.Version.HTTP_1_1).statusCode())
                    .isEqualTo(200);
            put(second, 10);
            eventually(() -> served(server).equals(second.certificate()));
            for (int i = 0; i < 8; i++) { // by each of the event loops
                assertThat(served(server)).isEqualTo(second.certificate());
            }
            assertThat(say(open, GET)).startsWith("HTTP/1.1 200");
        }
    }

    private static X509Certificate served(TestServer server) throws Exception {
        try (var socket =
                (SSLSocket) Certificate.trustAnybody().getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void doesNotStartWithFilesThatCannotBeUsed() throws Exception {
        put(first, 0);
        Files.copy(second.keyFile(), folder.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> TestServer.start(files()))
                .hasMessageContaining("tls.key: is not the key of the certificate in")
                .hasMessageContaining("tls.crt");
        Files.writeString(folder.resolve("tls.key"), "none");
        assertThatThrownBy(() -> TestServer.start(files()))
                .hasMessageContaining("tls.key: expected a private key in PEM");
        Files.writeString(folder.resolve("tls.crt"), "none");
        assertThatThrownBy(() -> TestServer.start(files()))
                .hasMessageContaining("tls.crt: expected certificates in PEM");
    }

    @Test
    void handshakesAndFirstHeadsThatDoNotEndAreCutOff() throws Exception {
        put(first, 0);
        try (var server = TestServer.start(files("http.head-timeout=1s"));
                var silent = new Socket("127.0.0.1", server.port())) {
            silent.setSoTimeout(10_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            try (var plain = new Socket("127.0.0.1", server.port())) { // now: one that is silent so long is cut off
                plain.setSoTimeout(10_000);
                plain.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(plain.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .doesNotContain("HTTP/1.1");
            }
            try (var half = connect(server, first)) {
                assertThat(say(half, GET.substring(0, 20))).isEmpty();
            }
            var whole = connect(server, first);
            long end = System.nanoTime() + 1_500_000_000L;
            while (System.nanoTime() < end) { // longer than a head has
                assertThat(say(whole, GET)).startsWith("HTTP/1.1 200");
            }
            whole.close();
        }
    }

    @Test
    void oldProtocolsAreNotSpoken() throws Exception {
        put(first, 0);
        try (var server = TestServer.start(files());
                var old = (SSLSocket) first.trust(null).getSocketFactory().createSocket("127.0.0.1", server.port())) {
            old.setEnabledProtocols(new String[] {"TLSv1.1"});
            assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void aCertificateSaysWhoAsks() throws Exception {
        put(first, 0);
        var settings = files(
                "http.tls.client-certificate=required",
                "http.tls.client-authority=" + second.file(),
                "access.certificates=read");
        try (var server = TestServer.start(settings)) {
            var known = HttpClient.newBuilder().sslContext(first.trust(second)).build();
            var listed = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/v2/models"))
                    .build();
            assertThat(known.send(listed, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            var load = HttpRequest.newBuilder(
                            URI.create("https://127.0.0.1:" + server.port() + "/v2/repository/models/iris/load"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            var denied = known.send(load, HttpResponse.BodyHandlers.ofString());
            assertThat(denied.statusCode()).isEqualTo(403);
            assertThat(denied.body()).contains("\\\"server\\\" may not: this needs the scope admin");
            assertThatThrownBy(() -> get(server, trusting(first), HttpClient.Version.HTTP_1_1))
                    .isInstanceOf(IOException.class);
            var stranger =
                    HttpClient.newBuilder().sslContext(first.trust(first)).build();
            assertThatThrownBy(() -> get(server, stranger, HttpClient.Version.HTTP_1_1))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void cleartextHttp2CanBeSwitchedOff() throws Exception {
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
        for (boolean served : new boolean[] {true, false}) {
            try (var server = TestServer.start("http.cleartext-http2=" + served);
                    var socket = new Socket("127.0.0.1", server.port())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(preface);
                byte[] settings = socket.getInputStream().readNBytes(4);
                assertThat(settings.length == 4 && settings[3] == 4).isEqualTo(served);
            }
        }
    }
}
