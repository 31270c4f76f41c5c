package dev.augur.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * {@code ./run.sh bench}: starts the server, a bare Vert.x server and ONNX Runtime in a loop, drives them in turns and
 * prints a table. Exit codes: 0 when every request was answered, 1 when not or when something is missing, 2 when flags
 * are wrong. Used on one thread.
 */
@Command(
        name = "run.sh bench",
        description = "Measures the server, a bare Vert.x server and ONNX Runtime alone, in turns. Needs wrk.",
        sortOptions = false)
public final class Bench implements Callable<Integer> {
    private static final Path FOLDER = Path.of("target", "bench");
    private static final Plan.Seconds WHOLE = new Plan.Seconds(5, 4, 2);
    private static final Plan.Seconds SHORT = new Plan.Seconds(3, 2, 1);
    private static final int ROUNDS = 3;

    @Option(names = "--quick", description = "One short round: two minutes instead of seven, and less to rely on.")
    private boolean quick;

    @Option(
            names = "--pipelines",
            description = "Instead of the models: a model beside pipelines on it, and 10,000 requests at once.")
    private boolean pipelines;

    @Option(names = "--targets", split = ",", paramLabel = "NAME", description = "Only these (default: all).")
    private List<String> targets = List.of();

    @Option(
            names = "--connections",
            split = ",",
            paramLabel = "N",
            defaultValue = "1,16,64,256",
            description = "Numbers of connections (default: ${DEFAULT-VALUE}).")
    private List<Integer> connections = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "How often everything is measured (default: 3).")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "N", description = "Length of one run (default: 4).")
    private @Nullable Integer seconds;

    @SuppressWarnings("UnusedVariable") // picocli acts on it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and end.")
    private boolean help;

    private Bench() {}

    /** Runs it and ends with its exit code. */
    public static void main(String[] arguments) {
        var command = new CommandLine(new Bench()).setExecutionExceptionHandler((failure, line, result) -> {
            if (!(failure instanceof LoadException)) {
                throw failure;
            }
            System.err.println("bench: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var plan = plan();
        var conditions = conditions();
        Files.createDirectories(FOLDER);
        List<String> flags = pipelines ? Crowd.flags(FOLDER) : List.of();
        var report = new Report(plan, new Contest(plan, FOLDER, flags).run());
        System.out.println(conditions + ", after " + load() + ".");
        System.out.print(report.markdown());
        if (pipelines) {
            System.out.print(Crowd.run(FOLDER, plan));
        }
        System.out.println("Each run: " + Files.write(FOLDER.resolve("samples.csv"), report.csv()));
        return CommandLine.ExitCode.OK;
    }

    private Plan plan() throws IOException {
        var known = pipelines ? Target.pipelines() : Target.all();
        var chosen = known.stream()
                .filter(target -> targets.isEmpty() || targets.contains(target.name()))
                .toList();
        var names = known.stream().map(Target::name).toList();
        check(names.containsAll(targets), "--targets: there are " + String.join(", ", names));
        check(connections.stream().allMatch(number -> number > 0), "--connections: must be at least 1");
        check(rounds == null || rounds > 0, "--rounds: must be at least 1");
        check(seconds == null || seconds > 0, "--seconds: must be at least 1");
        var time = quick ? SHORT : WHOLE;
        return new Plan(
                chosen,
                connections,
                rounds != null ? rounds : quick ? 1 : ROUNDS,
                seconds == null ? time : new Plan.Seconds(time.warmUp(), seconds, time.raw()));
    }

    private void check(boolean right, String message) {
        if (!right) {
            throw new ParameterException(new CommandLine(this), message);
        }
    }

    private static String conditions() throws IOException, InterruptedException {
        return Wrk.version() + ", Java " + Runtime.version() + " on " + System.getProperty("os.name") + ", "
                + Contest.callers() + " cores that all share. Load of the machine before " + load();
    }

    /** What ran on the machine in the last minute, in cores. */
    private static String load() {
        return String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
