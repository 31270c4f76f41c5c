package dev.augur.cli;

import dev.augur.Server;
import dev.augur.config.ConfigException;
import dev.augur.config.ServerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * {@code --dev}: looks at the file of the configuration and starts the server anew, in the same process, when it has
 * changed. What cannot be read is told, and the server goes on; what cannot be started is told, and the one before
 * comes back. Confined to one thread; blocks.
 */
final class DevLoop {
    private static final long INTERVAL_MILLIS = 500;

    private final Path file;
    private final Supplier<ServerConfig> reading;
    private final Starter starter;
    private final PrintStream err;
    private Server server;
    private ServerConfig config;
    private byte[] seen;

    /** Starts a server, and waits until it serves. */
    interface Starter {
        Server start(ServerConfig config) throws ExecutionException, InterruptedException;
    }

    /**
     * A server that runs, and what it was started with.
     *
     * @param config as it is in the file at this moment
     */
    record Running(Server server, ServerConfig config) {}

    DevLoop(Path file, Supplier<ServerConfig> reading, Starter starter, Running running, PrintStream err) {
        this.file = file;
        this.reading = reading;
        this.starter = starter;
        this.err = err;
        this.server = running.server();
        this.config = running.config();
        this.seen = content();
    }

    /** Looks until the program ends. */
    void run() throws InterruptedException {
        while (true) {
            Thread.sleep(INTERVAL_MILLIS);
            var unused = look();
        }
    }

    /** Looks once. Whether the server was started anew. */
    boolean look() throws InterruptedException {
        byte[] now = content();
        if (Arrays.equals(now, seen)) {
            return false;
        }
        seen = now;
        ServerConfig next;
        try {
            next = reading.get();
        } catch (ConfigException e) {
            e.problems().forEach(err::println);
            err.println("the configuration before goes on");
            return false;
        }
        return replace(next);
    }

    private boolean replace(ServerConfig next) throws InterruptedException {
        try {
            Augur.wait(server.stop());
        } catch (ExecutionException e) {
            err.println("not everything was finished: " + Augur.reason(e.getCause()));
        }
        try {
            server = starter.start(next);
            config = next;
            return true;
        } catch (ExecutionException e) {
            err.println("cannot start: " + Augur.reason(e.getCause()));
            err.println("the configuration before comes back");
        }
        try {
            server = starter.start(config);
        } catch (ExecutionException e) {
            err.println("cannot start: " + Augur.reason(e.getCause()) + "; waiting for the next change");
        }
        return false;
    }

    /** Empty where it cannot be read, as while an editor replaces it. */
    private byte[] content() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return seen == null ? new byte[0] : seen;
        }
    }
}
