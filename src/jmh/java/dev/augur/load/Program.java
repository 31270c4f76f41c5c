package dev.augur.load;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A process that is measured. What it says goes to a file, from which lines are awaited in order. Used on one thread.
 */
final class Program implements AutoCloseable {
    private static final long LOOK_MILLIS = 5;
    private static final long KIBIBYTES = 1024;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);

    private final String name;
    private final Path log;
    private final Process process;
    private int seen;

    private Program(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /**
     * Starts a command in the current folder, without the variables that would change Augur's settings.
     *
     * @param javaOptions further flags of the JVM of {@code run.sh}
     */
    static Program start(String name, Path folder, String javaOptions, List<String> command) throws IOException {
        var log = folder.resolve(name + ".log");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(variable -> variable.startsWith("AUGUR_"));
        environment.merge("JAVA_OPTS", javaOptions, (own, further) -> own + " " + further);
        return new Program(name, log, builder.start());
    }

    /**
     * Starts a Java program under the flags of this JVM, which are those of the server.
     *
     * @param javaOptions further flags of its JVM
     */
    static Program java(String name, Path folder, String javaOptions, List<String> program) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(javaOptions.isEmpty() ? List.of() : List.of(javaOptions.split(" ", -1)));
        command.addAll(program);
        return start(name, folder, "", command);
    }

    String name() {
        return name;
    }

    /** Waits for the next line that matches. Fails if the process ends or the time passes before. */
    MatchResult await(Pattern line, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            boolean alive = process.isAlive();
            var text = Files.readString(log);
            var matcher = line.matcher(text).region(seen, text.lastIndexOf('\n') + 1);
            if (matcher.find()) {
                seen = matcher.end();
                return matcher.toMatchResult();
            }
            if (!alive || System.nanoTime() > end) {
                throw new LoadException(name + (alive ? " did not answer in time" : " ended") + ", see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Writes a line to the process's standard input. */
    void tell(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** User and system time since its start, in steps of 10 ms. */
    Duration cpu() {
        return process.toHandle()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new LoadException(name + " ended, see " + log));
    }

    /** Resident memory in MiB now, and the most it ever was; empty where there is no {@code /proc}. */
    String memory() throws IOException {
        var status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return "";
        }
        var lines = Files.readAllLines(status);
        return mebibytes(lines, "VmRSS") + " MiB, at most " + mebibytes(lines, "VmHWM") + " MiB";
    }

    private static long mebibytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / KIBIBYTES)
                .sum();
    }

    /** What it said that an operator should look at. */
    List<String> complaints() throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.matches(".*\\b(WARN|ERROR|Exception|BlockedThreadChecker)\\b.*"))
                .toList();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
