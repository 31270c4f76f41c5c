package dev.augur.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A Redis server on loopback, from the program that comes by Maven. Keeps nothing on disk. */
public final class RedisProcess {
    private static final Map<String, String> RESOURCES = Map.of(
            "Linux amd64", "/redis-server-6.2.6-v5-linux-amd64",
            "Linux aarch64", "/redis-server-6.2.7-linux-arm64",
            "Mac OS X x86_64", "/redis-server-6.2.6-v5-darwin-amd64",
            "Mac OS X aarch64", "/redis-server-6.2.6-v5-darwin-arm64");

    private final int port;
    private final List<String> flags;
    private final Path program;
    private ChildProcess process;

    private RedisProcess(int port, List<String> flags) throws IOException {
        this.port = port;
        this.flags = flags;
        this.program = program();
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
                program.toString(),
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

    /** The program that comes by Maven, unpacked; on other systems that of the machine. */
    private static Path program() throws IOException {
        var inJar = RedisProcess.class.getResource(
                RESOURCES.getOrDefault(System.getProperty("os.name") + " " + System.getProperty("os.arch"), "/none"));
        if (inJar == null) {
            return installed();
        }
        var program = Files.createTempDirectory("augur-redis").resolve("redis-server");
        try (var in = inJar.openStream()) {
            Files.copy(in, program);
        }
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        program.toFile().deleteOnExit();
        program.getParent().toFile().deleteOnExit();
        return program;
    }

    private static Path installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "there is no redis-server for this system in the tests' libraries: install one"));
    }
}
