package dev.augur;

import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.ConfigException;
import dev.augur.config.ConfigLoader;
import dev.augur.config.Role;
import dev.augur.config.ServerConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program: flags to configuration to server. Exit codes: 0 after a signal and a clean stop, 1 when the server cannot start or stop,
 * 2 when flags or configuration are wrong.
 */
@Command(
        name = "run.sh",
        description = "Augur, a model server for the JVM. Settings: conf/augur.yaml.",
        mixinStandardHelpOptions = true,
        versionProvider = Augur.Version.class,
        sortOptions = false,
        subcommands = {VerifyLog.class, Replay.class})
public final class Augur implements Callable<Integer> {
    private static final int STARTED = -1;
    private static final int FAILED = 1;
    private static final int MISCONFIGURED = 2;
    private static final int SIGNAL_BASE = 128;
    private static final long CLOSE_SECONDS = 5;
    private static final long EVENT_LOOP_LIMIT_MILLIS = 100;
    private static final long CHECK_INTERVAL_MILLIS = 50;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (default: conf/augur.yaml).")
    private @Nullable String config;

    @Option(names = "--host", description = "http.host")
    private @Nullable String host;

    @Option(names = "--port", description = "http.port; 0 takes a free one")
    private @Nullable String port;

    @Option(names = "--roles", description = "roles: any of http,predict,log")
    private @Nullable String roles;

    @Option(names = "--cluster", description = "cluster.enabled: join other nodes")
    private boolean cluster;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any setting, such as --set demo.workers=8.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--repair",
            description =
                    "Check the whole prediction log, move damaged files aside into damaged/, note the gap, and serve.")
    private boolean repair;

    @Option(
            names = "--rehearse",
            hidden = true,
            description = "Only load what serving needs, for a class archive, and end.")
    private boolean rehearse;

    private Augur() {}

    public static void main(String[] arguments) {
        int code = new CommandLine(new Augur()).execute(arguments);
        if (code != STARTED) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (rehearse) {
            Rehearsal.run();
            return 0;
        }
        ServerConfig loaded;
        try {
            loaded = configuration();
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return MISCONFIGURED;
        }
        ConfigLoader.unknownVariables(System.getenv())
                .forEach(name -> System.err.println(name + ": no setting of that name, ignored"));
        return serve(loaded);
    }

    private int serve(ServerConfig loaded) throws InterruptedException {
        try {
            if (!loaded.roles().equals(Set.of(Role.LOG))) { // it takes requests
                Rehearsal.run();
            }
            var vertx = wait(makeVertx(loaded));
            var stopping = new AtomicBoolean();
            var starting = Server.start(vertx, loaded, repair);
            Signals.on(signal -> onSignal(signal, stopping, starting, vertx), "TERM", "INT");
            report(wait(starting), loaded, System.out);
            return STARTED;
        } catch (ExecutionException e) {
            System.err.println("cannot start: " + reason(e.getCause()));
            return FAILED;
        }
    }

    /** What the environment, the flags and the file say. */
    ServerConfig configuration() {
        return ConfigLoader.load(System.getenv(), flags());
    }

    private Map<String, String> flags() {
        var flags = new LinkedHashMap<>(settings);
        put(flags, "config", config);
        put(flags, "http.host", host);
        put(flags, "http.port", port);
        put(flags, "roles", roles);
        put(flags, "cluster.enabled", cluster ? "true" : null);
        return flags;
    }

    private static void put(Map<String, String> flags, String key, @Nullable String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }

    private static Future<Vertx> makeVertx(ServerConfig loaded) {
        var options = new VertxOptions()
                .setMaxEventLoopExecuteTime(EVENT_LOOP_LIMIT_MILLIS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(CHECK_INTERVAL_MILLIS)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setPreferNativeTransport(true);
        return loaded.cluster().enabled()
                ? ClusteredVertx.join(options, loaded.cluster())
                : Future.succeededFuture(Vertx.vertx(options));
    }

    /** The first signal stops in order, the second one at once. Blocks: each signal has a thread of its own. */
    private static void onSignal(int signal, AtomicBoolean stopping, Future<Server> starting, Vertx vertx) {
        if (!stopping.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(SIGNAL_BASE + signal);
        }
        System.out.println("stopping");
        boolean clean = true;
        try {
            wait(wait(starting).stop());
        } catch (ExecutionException | InterruptedException e) {
            System.err.println("not everything was finished: " + reason(e.getCause()));
            clean = false;
        }
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            System.err.println("not everything was closed: " + reason(e.getCause() == null ? e : e.getCause()));
            clean = false;
        }
        System.out.println("stopped");
        Runtime.getRuntime().halt(clean ? 0 : FAILED);
    }

    private static void report(Server server, ServerConfig loaded, PrintStream out) {
        long millis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        out.printf(
                Locale.ROOT,
                "Augur %s, %s: ready in %.1f s%s%n",
                Server.version(),
                server.node(),
                millis / 1_000.0,
                server.url().map(url -> " at " + url).orElse(""));
        out.println("  roles   "
                + loaded.roles().stream()
                        .sorted()
                        .map(role -> role.name().toLowerCase(Locale.ROOT))
                        .toList());
        server.routes().forEach(route -> out.println("  route   " + route));
        for (var model : server.models().entries()) {
            out.println("  model   " + model.name() + " version " + model.version()
                    + model.runner().map(runner -> ": " + runner.effective()).orElse(" NOT LOADED: " + model.reason()));
        }
        server.logFolder().ifPresent(folder -> out.println("  log     " + folder));
        out.flush();
    }

    /** What an operator can do something about is said in one line; a fault of the program with its trace. */
    private static String reason(@Nullable Throwable failure) {
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return file.getMessage() + ": " + file.getClass().getSimpleName().replace("Exception", "");
        }
        if (failure instanceof IOException || failure instanceof TimeoutException) {
            return String.valueOf(failure.getMessage());
        }
        var trace = new StringWriter();
        if (failure != null) {
            failure.printStackTrace(new PrintWriter(trace));
        }
        return trace.toString();
    }

    private static <T> T wait(Future<T> future) throws InterruptedException, ExecutionException {
        return future.toCompletionStage().toCompletableFuture().get();
    }

    /** Picocli asks this for {@code --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"Augur " + Server.version()};
        }
    }
}
