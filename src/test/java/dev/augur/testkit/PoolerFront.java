package dev.augur.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Stands in front of PostgreSQL and takes the parameters of a start that PgBouncer takes, refusing all others in its
 * words; everything else goes through as it is.
 */
public final class PoolerFront implements AutoCloseable {
    private static final Set<String> TAKEN = Set.of(
            "user",
            "database",
            "client_encoding",
            "datestyle",
            "timezone",
            "standard_conforming_strings",
            "application_name");
    private static final int ENCRYPTION_WISH = 80877103;

    private final Vertx vertx;
    private final int server;
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private NetServer front;

    private PoolerFront(Vertx vertx, int server) {
        this.vertx = vertx;
        this.server = server;
    }

    public static PoolerFront start(Vertx vertx, PostgresProcess postgres) throws Exception {
        var pooler = new PoolerFront(vertx, postgres.port());
        pooler.front = TestServer.await(
                vertx.createNetServer().connectHandler(pooler::accept).listen(0, "127.0.0.1"));
        return pooler;
    }

    public int port() {
        return front.actualPort();
    }

    /** The parameters that were refused. */
    public Queue<String> refused() {
        return refused;
    }

    private void accept(NetSocket client) {
        client.handler(start -> start(client, start)); // a start fits into one packet on loopback
    }

    private void start(NetSocket client, Buffer start) {
        if (start.getInt(4) == ENCRYPTION_WISH) {
            client.write("N").onFailure(gone -> {});
            return;
        }
        var words = start.getString(8, start.length(), StandardCharsets.UTF_8.name())
                .split("\0");
        for (int i = 0; i + 1 < words.length; i += 2) {
            if (!TAKEN.contains(words[i].toLowerCase(Locale.ROOT))) {
                refused.add(words[i]);
                refuse(client, "unsupported startup parameter: " + words[i]);
                return;
            }
        }
        client.pause();
        vertx.createNetClient().connect(server, "127.0.0.1").onSuccess(postgres -> {
            client.handler(postgres::write).closeHandler(gone -> postgres.close());
            postgres.handler(client::write).closeHandler(gone -> client.close());
            postgres.write(start).onFailure(gone -> client.close());
            client.resume();
        });
    }

    private static void refuse(NetSocket client, String message) {
        var fields = Buffer.buffer("SFATAL\0C08P01\0M" + message + "\0\0");
        client.end(Buffer.buffer("E").appendInt(fields.length() + 4).appendBuffer(fields))
                .onFailure(gone -> {});
    }

    @Override
    public void close() {
        front.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
