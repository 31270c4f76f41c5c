package dev.augur.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * {@code ./run.sh bench}: starts the server with each way to keep records, and programs to compare it with, drives them
 * in turns and prints tables. Exit codes: 0 when every request was answered, 1 when not or when something is missing, 2
 * when flags are wrong. Used on one thread.
 */
@Command(
        name = "run.sh bench",
        description = "Measures the server beside programs that do less, in turns. Needs wrk.",
        sortOptions = false)
public final class Bench implements Callable<Integer> {
    private static final Path FOLDER = Path.of("target", "bench");
    private static final Plan.Rounds WHOLE = new Plan.Rounds(5, 6, 2);
    private static final Plan.Rounds SHORT = new Plan.Rounds(1, 3, 1);

    @Option(names = "--quick", description = "One short round: three minutes instead of 15, and less to rely on.")
    private boolean quick;

    @Option(names = "--peers", description = "Also Spring Boot, which is built first, from Maven Central.")
    private boolean peers;

    @Option(names = "--crowd", description = "Instead: 10,000 requests at once to a pipeline with a slow store.")
    private boolean crowd;

    @Option(names = "--servers", split = ",", paramLabel = "NAME", description = "Only these (default: all).")
    private List<String> servers = List.of();

    @Option(names = "--targets", split = ",", paramLabel = "NAME", description = "Only these (default: all).")
    private List<String> targets = List.of();

    @Option(
            names = "--connections",
            split = ",",
            paramLabel = "N",
            defaultValue = "64,256,1",
            description = "Numbers of connections (default: ${DEFAULT-VALUE}).")
    private List<Integer> connections = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "How often everything is measured (default: 5).")
    private @Nullable Integer rounds;

    @Option(names = "--seconds", paramLabel = "N", description = "Length of one run (default: 2).")
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
        var lineup = Lineup.in(FOLDER, plan.targets());
        if (crowd) {
            System.out.print(Crowd.run(lineup, plan));
            return CommandLine.ExitCode.OK;
        }
        var report = new Report(plan, new Contest(plan, lineup).run());
        var starts = Starts.run(plan, lineup);
        System.out.println(conditions + ", after " + load() + ".");
        System.out.print(report.markdown());
        System.out.print(starts);
        System.out.println("\nEach run: " + Files.write(FOLDER.resolve("samples.csv"), report.csv()));
        return CommandLine.ExitCode.OK;
    }

    private Plan plan() throws IOException {
        var known = Target.all();
        var chosen = known.stream()
                .filter(target -> targets.isEmpty() || targets.contains(target.name()))
                .toList();
        var names = known.stream().map(Target::name).toList();
        check(names.containsAll(targets), "--targets: there are " + String.join(", ", names));
        check(connections.stream().allMatch(number -> number > 0), "--connections: must be at least 1");
        check(rounds == null || rounds > 0, "--rounds: must be at least 1");
        check(seconds == null || seconds > 0, "--seconds: must be at least 1");
        var time = quick ? SHORT : WHOLE;
        var length = new Plan.Rounds(
                rounds == null ? time.number() : rounds, time.warmUp(), seconds == null ? time.run() : seconds);
        return new Plan(chosen, candidates(), connections, length);
    }

    private List<Candidate> candidates() {
        var known = Arrays.stream(Candidate.values())
                .filter(candidate -> candidate != Candidate.RAW)
                .toList();
        var names = known.stream().map(Bench::name).toList();
        check(names.containsAll(servers), "--servers: there are " + String.join(", ", names));
        check(!servers.equals(List.of("bare")), "--servers: bare answers what another one answers first");
        return known.stream()
                .filter(candidate ->
                        servers.isEmpty() ? peers || candidate != Candidate.SPRING : servers.contains(name(candidate)))
                .toList();
    }

    private static String name(Candidate candidate) {
        return candidate.name().toLowerCase(Locale.ROOT);
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
