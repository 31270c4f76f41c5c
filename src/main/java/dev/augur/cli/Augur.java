package dev.augur.cli;

import dev.augur.NodeMemory;
import dev.augur.Server;
import dev.augur.config.ConfigException;
import dev.augur.config.ConfigLoader;
import dev.augur.config.Role;
import dev.augur.config.ServerConfig;
import dev.augur.logging.Levels;
import dev.augur.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The program: flags to configuration to server. Exit codes: 0 after a signal and a clean stop, 1 when the server
 * cannot start or stop, 2 when flags or configuration are wrong.
 */
@Command(
        name = "run.sh",
        description = "Augur, a model server for the JVM. Settings: conf/augur.yaml.",
        mixinStandardHelpOptions = true,
        versionProvider = Augur.Version.class,
        sortOptions = false,
        footer = {
            "",
            "Variables: AUGUR_CONFIG names the file, AUGUR_HTTP_PORT and the like override its settings; AUGUR_LOG_LEVEL (INFO),"
                    + " AUGUR_LOG_FORMAT (text, json);"
                    + " JAVA_OPTS (such as -Xmx2g), JAVA_HOME, TMPDIR."
        },
        subcommands = {
            CheckCommand.class,
            VerifyLog.class,
            Replay.class,
            KeyCommand.class,
            Diagnose.class,
            GenerateCompletion.class
        })
public final class Augur implements Callable<Integer>, Configured {
    private static final Set<String> COMMANDS = Set.of(
            CheckCommand.NAME, VerifyLog.NAME, Replay.NAME, KeyCommand.NAME, Diagnose.NAME, "generate-completion");
    private static final int STARTED = -1;
    private static final int FAILED = 1;
    private static final int MISCONFIGURED = 2;
    private static final int SIGNAL_BASE = 128;
    private static final long CLOSE_SECONDS = 5;
    private static final long PATIENCE_MILLIS = 2_000;
    /** No files are served, so Vert.x needs no folder for copies of them, which it would leave when it is killed. */
    static final FileSystemOptions NO_FILES =
            new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration file (default: conf/augur.yaml).")
    private @Nullable String config;

    @Option(names = "--host", description = "http.host")
    private @Nullable String host;

    @Option(names = "--port", description = "http.port; 0 takes a free one")
    private @Nullable String port;

    @Option(names = "--roles", description = "roles: any of http,predict,log")
    private @Nullable String roles;

    @Option(names = "--cluster", description = "cluster.enabled: join other nodes")
    private boolean cluster;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "Any setting, such as --set models.workers=2.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--repair",
            description =
                    "Check the whole prediction log, set damaged lines aside into damaged/, note the gaps, and serve.")
    private boolean repair;

    @Option(names = "--dev", description = "Serve changes of the configuration and of models at once.")
    private boolean dev;

    @Option(
            names = "--rehearse",
            hidden = true,
            description = "Only load what serving needs, for a class archive, and end.")
    private boolean rehearse;

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
    private final AtomicReference<@Nullable Rehearsal> rehearsed = new AtomicReference<>();

    private Augur() {}

    public static void main(String[] arguments) {
        var augur = new Augur();
        if (Collections.disjoint(COMMANDS, List.of(arguments))) { // those end by a signal as any program does
            Signals.on(augur::onSignal, "TERM", "INT", "HUP"); // before all that takes time
        }
        if (List.of(arguments).contains(CheckCommand.NAME) && System.getenv("AUGUR_LOG_LEVEL") == null) {
            System.setProperty("AUGUR_LOG_LEVEL", "OFF"); // it tells each fault itself
        }
        int code = arguments.length == 0 ? augur.plainly() : new CommandLine(augur).execute(arguments);
        if (code != STARTED) {
            System.exit(code);
        }
    }

    /** Without flags: their parser takes a third of what the main thread has to do until it serves. */
    private int plainly() {
        try {
            return call();
        } catch (InterruptedException | RuntimeException e) {
            System.err.println(reason(e)); // as picocli does
            return FAILED;
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (rehearse) {
            var forArchive = Rehearsal.forArchive(NO_FILES);
            forArchive.begin();
            forArchive.play();
            forArchive.awaitEnd(Rehearsal.LIMIT);
            return 0;
        }
        var rehearsal = new Rehearsal(NO_FILES);
        rehearsed.set(rehearsal);
        rehearsal.begin();
        ServerConfig loaded;
        try {
            loaded = configuration();
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            rehearsal.drop();
            rehearsal.awaitEnd(Rehearsal.LIMIT);
            return MISCONFIGURED;
        }
        ConfigLoader.unknownVariables(System.getenv())
                .forEach(name -> System.err.println(name + ": no setting of that name, ignored"));
        return serve(loaded, rehearsal);
    }

    private int serve(ServerConfig loaded, Rehearsal rehearsal) throws InterruptedException {
        if (loaded.eventBus().bridge().sockJs().isEmpty()) {
            // There are none; their handler answers odd versions of HTTP by itself.
            System.setProperty("vertx.disableWebsockets", "true");
        }
        try {
            if (loaded.roles().equals(Set.of(Role.LOG))) { // it takes no requests
                rehearsal.drop();
            } else {
                rehearsal.play();
            }
            var vertx = wait(NodeVertx.make(loaded));
            NativeTransport.check(vertx);
            var server = start(vertx, loaded);
            if (dev) {
                follow(vertx, new DevLoop.Running(server, loaded));
            }
            return STARTED;
        } catch (ExecutionException e) {
            System.err.println("cannot start: " + reason(e.getCause()));
            rehearsal.awaitEnd(Rehearsal.LIMIT);
            return FAILED;
        }
    }

    private Server start(Vertx vertx, ServerConfig loaded) throws InterruptedException, ExecutionException {
        var memory = NodeMemory.of(loaded);
        memory.fault().ifPresent(System.err::println); // before it is too late
        var starting = Server.listen(vertx, loaded, repair);
        running.set(new Running(vertx, starting, loaded.shutdown().timeout()));
        var server = wait(starting);
        long timer = vertx.setTimer(PATIENCE_MILLIS, late -> StartReport.loading(server, System.out));
        wait(server.loaded());
        vertx.cancelTimer(timer);
        endRehearsal(Rehearsal.LIMIT); // who reads the report finds nothing that is not the server's
        if (!stopping.get()) {
            new StartReport(server, loaded, memory).print(System.out);
        }
        return server;
    }

    /** Starts it anew whenever its configuration changes. Comes back only where there is no file to look at. */
    private void follow(Vertx vertx, DevLoop.Running first) throws InterruptedException {
        var file = ConfigLoader.file(System.getenv(), flags());
        if (file.isEmpty()) {
            System.err.println("--dev: there is no configuration file, so changes of models alone are served");
            return;
        }
        new DevLoop(file.get(), this::configuration, next -> start(vertx, next), first, System.err).run();
    }

    @Override
    public ServerConfig configuration() {
        return ConfigLoader.load(System.getenv(), flags());
    }

    @Override
    public ConfigLoader.Reading reading() {
        return ConfigLoader.examine(System.getenv(), flags());
    }

    private Map<String, String> flags() {
        var flags = new LinkedHashMap<>(settings);
        put(flags, "config", config);
        put(flags, "http.host", host);
        put(flags, "http.port", port);
        put(flags, "roles", roles);
        put(flags, "cluster.enabled", cluster ? "true" : null);
        if (dev) {
            flags.putIfAbsent("models.watch", "true");
            flags.putIfAbsent("shutdown.pause", "0"); // there is no load balancer
        }
        return flags;
    }

    private static void put(Map<String, String> flags, String key, @Nullable String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }

    /** What there is to stop. */
    private record Running(Vertx vertx, Future<Server> starting, Duration timeout) {}

    /** The first signal stops in order, the second one at once. Blocks: each signal has a thread of its own. */
    private void onSignal(int signal) {
        if (!stopping.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(SIGNAL_BASE + signal);
        }
        System.out.println("stopping");
        endRehearsal();
        var served = running.get();
        if (served == null) { // nothing is yet
            System.out.println("stopped");
            System.exit(0);
        } else {
            stop(served);
        }
    }

    private void endRehearsal() {
        try {
            endRehearsal(Duration.ofSeconds(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** It removes its folder. */
    private void endRehearsal(Duration most) throws InterruptedException {
        var rehearsal = rehearsed.get();
        if (rehearsal != null) {
            rehearsal.drop();
            rehearsal.awaitEnd(most);
        }
    }

    private static void stop(Running running) {
        boolean clean = true;
        try {
            var starting = running.starting().timeout(running.timeout().toMillis(), TimeUnit.MILLISECONDS);
            wait(wait(starting).stop());
        } catch (ExecutionException | InterruptedException e) {
            System.err.println("not everything was finished: " + reason(e.getCause()));
            clean = false;
        }
        try {
            running.vertx().close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            System.err.println("not everything was closed within " + CLOSE_SECONDS + " s");
            clean = false;
        } catch (ExecutionException | InterruptedException e) {
            System.err.println("not everything was closed: " + reason(e.getCause() == null ? e : e.getCause()));
            clean = false;
        }
        Tracing.of(running.vertx()).ifPresent(Tracing::close);
        System.out.println("stopped");
        Levels.flush();
        Runtime.getRuntime().halt(clean ? 0 : FAILED);
    }

    /** What an operator can do something about is said in one line; a fault of the program with its trace. */
    static String reason(@Nullable Throwable failure) {
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

    static <T> T wait(Future<T> future) throws InterruptedException, ExecutionException {
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
