package dev.augur.cli;

import dev.augur.NodeMemory;
import dev.augur.Server;
import dev.augur.config.ConfigException;
import dev.augur.config.ConfigLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code diagnose}: puts what a question about a server needs into one file: where its time goes, its threads, its
 * settings without secrets, whether its log is whole, versions. What cannot be had is said in its place. Exit codes: 0
 * the file was written, 1 it was not, 2 there are several servers to choose from. One thread; blocks.
 */
@Command(
        name = Diagnose.NAME,
        mixinStandardHelpOptions = true,
        description = {
            "Writes what a question about a server needs into one file: a recording, threads, settings, the check of the log, versions.",
            "Passwords, headers and tokens are not in it; names of hosts, models and files are."
        })
final class Diagnose implements Callable<Integer> {
    static final String NAME = "diagnose";

    private static final int FAILED = 1;
    private static final int AMBIGUOUS = 2;
    private static final int MIB_SHIFT = 20;

    @Option(names = "--pid", description = "The server (default: the one that runs on this machine).")
    private @Nullable Long pid;

    @Option(names = "--seconds", description = "How long to record (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "The file (default: augur-diagnose-<time>.zip here).")
    private @Nullable Path output;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Configured program;

    private final Jcmd jcmd = new Jcmd();

    /** Makes one part of the file. */
    private interface Part {
        byte[] bytes() throws IOException, InterruptedException;
    }

    @Override
    public Integer call() throws InterruptedException {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(":", "");
        var file = output == null ? Path.of("augur-diagnose-" + now + ".zip") : output;
        try {
            var server = server();
            if (server.size() > 1) {
                System.err.println("several servers run here: choose one by --pid, " + server);
                return AMBIGUOUS;
            }
            try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
                write(zip, server);
            }
            System.out.println(file.toAbsolutePath());
            return 0;
        } catch (IOException e) {
            System.err.println("cannot be written: " + e);
            return FAILED;
        }
    }

    private List<Long> server() throws IOException, InterruptedException {
        return pid != null ? List.of(pid) : jcmd.isThere() ? jcmd.servers() : List.of();
    }

    private void write(ZipOutputStream zip, List<Long> server) throws IOException, InterruptedException {
        var reading = reading();
        add(zip, "versions.txt", () -> text(versions(reading)));
        add(zip, "settings.txt", () -> text(settings(reading)));
        add(zip, "log.txt", () -> log(reading));
        if (server.isEmpty()) {
            String why =
                    jcmd.isThere() ? "no server of this user runs here" : "no jcmd here: a JDK has it, a JRE does not";
            System.err.println(why + ", so there is no recording");
            add(zip, "server.txt", () -> text(why + "\n"));
            return;
        }
        long running = server.get(0);
        add(zip, "threads.txt", () -> text(jcmd.ask(running, "Thread.print", "-l")));
        add(
                zip,
                "jvm.txt",
                () -> text(jcmd.ask(running, "VM.version")
                        + jcmd.ask(running, "VM.uptime")
                        + jcmd.ask(running, "VM.flags") // which are of the JVM alone; the command line may hold secrets
                        + jcmd.ask(running, "GC.heap_info")));
        add(zip, "recording.jfr", () -> new FlightRecording(jcmd, running).of(seconds));
    }

    private static void add(ZipOutputStream zip, String name, Part part) throws IOException, InterruptedException {
        byte[] bytes;
        try {
            bytes = part.bytes();
        } catch (IOException e) {
            bytes = text("cannot be had: " + e + "\n");
            System.err.println(name + " cannot be had: " + e);
        }
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    /** {@code null} where the file cannot be read at all. */
    private ConfigLoader.@Nullable Reading reading() {
        try {
            return program.reading();
        } catch (ConfigException e) {
            return null;
        }
    }

    private static String versions(ConfigLoader.@Nullable Reading reading) throws IOException {
        var lines = new StringBuilder();
        lines.append("Augur ").append(Server.version()).append('\n');
        for (String name :
                List.of("java.vendor", "java.runtime.version", "java.vm.name", "os.name", "os.version", "os.arch")) {
            lines.append(name).append(' ').append(System.getProperty(name)).append('\n');
        }
        lines.append("cores ")
                .append(Runtime.getRuntime().availableProcessors())
                .append('\n');
        if (reading != null) {
            var config = reading.config();
            NodeMemory.of(config).text().ifPresent(text -> lines.append("memory, with this heap ")
                    .append(text)
                    .append('\n'));
            var folder = config.dataDirectory();
            if (Files.exists(folder)) {
                var disk = Files.getFileStore(folder);
                lines.append("disk of ")
                        .append(folder)
                        .append(": ")
                        .append(disk.getUsableSpace() >> MIB_SHIFT)
                        .append(" of ")
                        .append(disk.getTotalSpace() >> MIB_SHIFT)
                        .append(" MiB free\n");
            }
        }
        return lines.toString();
    }

    private static String settings(ConfigLoader.@Nullable Reading reading) {
        if (reading == null) {
            return "the file of settings cannot be read: ./run.sh check says why\n";
        }
        var lines = new StringBuilder();
        reading.shown()
                .forEach((key, value) ->
                        lines.append(key).append(": ").append(value).append('\n'));
        lines.append("problems: ").append(reading.problems().size()).append(" (./run.sh check names them)\n");
        return lines.toString();
    }

    private static byte[] log(ConfigLoader.@Nullable Reading reading) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new PrintStream(bytes, /* autoFlush= */ false, StandardCharsets.UTF_8)) {
            var folder = reading == null ? null : reading.config().predictionsDirectory();
            if (folder == null || !Files.isDirectory(folder)) {
                out.println("no prediction log here");
            } else {
                int code = new VerifyLog(out).check(folder);
                out.println("exit code of ./run.sh verify-log: " + code);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
