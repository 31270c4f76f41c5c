package dev.augur.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A Redis server on loopback, from the program {@code redis-server} of this machine. Keeps nothing on disk. */
public final class RedisProcess {
    private static final List<String> PLACES =
            List.of("/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server");

    private final int port;
    private final List<String> flags;
    private ChildProcess process;

    private RedisProcess(int port, List<String> flags) {
        this.port = port;
        this.flags = flags;
    }

    /** Starts one with these flags, such as {@code --requirepass secret}. */
    public static RedisProcess start(String... flags) throws Exception {
        var redis = new RedisProcess(ChildProcess.freePort(), List.of(flags));
        redis.launch();
        return redis;
    }

    /** Starts one that also listens for encrypted connections, on that port. */
    public static RedisProcess startEncrypted(Certificate certificate, int tlsPort) throws Exception {
        return start(
                "--tls-port",
                String.valueOf(tlsPort),
                "--tls-cert-file",
                certificate.file().toString(),
                "--tls-key-file",
                certificate.keyFile().toString(),
                "--tls-ca-cert-file",
                certificate.file().toString(),
                "--tls-auth-clients",
                "no");
    }

    public int port() {
        return port;
    }

    /** Starts it again, on the same port, empty. */
    public void launch() throws Exception {
        var command = new ArrayList<>(List.of(
                program().toString(),
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                System.getProperty("java.io.tmpdir")));
        command.addAll(flags);
        process = ChildProcess.start(command, "Ready to accept connections");
    }

    /** Ends it at once. */
    public void kill() throws Exception {
        process.end("KILL");
    }

    /** Freezes it: it keeps its connections and does not read. */
    public void pause() throws Exception {
        process.pause();
    }

    public void resume() throws Exception {
        process.resume();
    }

    /** Runs one command, as the default user without a password. */
    public Response command(Vertx vertx, Command command, Object... arguments) throws Exception {
        Redis client = Redis.createClient(vertx, "redis://127.0.0.1:" + port);
        var request = Request.cmd(command);
        for (Object argument : arguments) {
            if (argument instanceof byte[] bytes) {
                request.arg(Buffer.buffer(bytes));
            } else {
                request.arg(argument.toString());
            }
        }
        try {
            return TestServer.await(client.send(request));
        } finally {
            TestServer.await(client.close());
        }
    }

    public void close() throws Exception {
        if (process.alive()) {
            process.end("KILL");
        }
    }

    private static Path program() {
        return Stream.concat(
                        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                                .map(folder -> folder + "/redis-server"),
                        PLACES.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(
                                "no program redis-server: install it (Debian: apt-get install redis-server); tests of Redis need it"));
    }
}
