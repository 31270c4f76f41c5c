package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.Authority;
import dev.augur.testkit.Certificate;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server with TLS and certificates of clients, from {@code openssl s_client}. */
class OpensslTest {
    private static final String GET = "GET /v2/health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    @TempDir
    static Path folder;

    private static Authority authority;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        authority = Authority.create(folder.resolve("authority"));
        var own = authority.sign("server", "ip:127.0.0.1");
        server = TestServer.start(
                "http.tls.certificate=" + own.file(),
                "http.tls.key=" + own.keyFile(),
                "http.tls.client-certificate=required",
                "http.tls.client-authority=" + authority.file());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersAClientThatIsKnown() throws Exception {
        var known = client("known");
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            assertThat(say(known, GET, version)).contains("Verification: OK", "HTTP/1.1 200", "{\"live\":true}");
        }
    }

    @Test
    void refusesAClientWhoseCertificateHasExpired() throws Exception {
        var expired = authority.sign("expired", "dns:client", "-startdate", "-3d", "-validity", "1");
        assertThat(say(expired, GET, "-tls1_2")).contains("alert").doesNotContain("HTTP/1.1");
        assertThat(say(expired, GET, "-tls1_3")).doesNotContain("HTTP/1.1");
    }

    @Test
    void refusesAClientOfAnotherAuthority() throws Exception {
        var stranger = Authority.create(folder.resolve("other")).sign("stranger", "dns:client");
        assertThat(say(stranger, GET, "-tls1_2")).contains("alert").doesNotContain("HTTP/1.1");
    }

    @Test
    void isRefusedUnderAnotherName() throws Exception {
        assertThat(say(client("named"), GET, "-tls1_2", "-verify_ip", "127.0.0.9", "-verify_return_error"))
                .contains("IP address mismatch")
                .doesNotContain("HTTP/1.1");
    }

    @Test
    void clientsDoNotBeginHandshakesAnew() throws Exception {
        String said = say(client("again"), "R\n", "-tls1_2");
        assertThat(said).contains("RENEGOTIATING").doesNotContain("verify return:1\nread R BLOCK");
        assertThat(said.substring(said.indexOf("RENEGOTIATING")))
                .containsPattern("error|alert|closed|no renegotiation");
        assertThat(say(client("after"), GET, "-tls1_2")).contains("HTTP/1.1 200");
    }

    private static Certificate client(String name) throws Exception {
        return authority.sign(name, "dns:" + name);
    }

    /** What it tells, and what it is told; the input stays open until the server closes, or some seconds. */
    private static String say(Certificate own, String text, String... more) throws Exception {
        var command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + server.port(),
                "-CAfile",
                authority.file().toString(),
                "-cert",
                own.file().toString(),
                "-key",
                own.keyFile().toString()));
        command.addAll(List.of(more));
        var openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            openssl.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            openssl.getOutputStream().flush();
        } catch (IOException refused) {
            // what it has said tells why
        }
        openssl.onExit()
                .orTimeout(5, TimeUnit.SECONDS)
                .exceptionally(late -> openssl.destroyForcibly())
                .join();
        return new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
