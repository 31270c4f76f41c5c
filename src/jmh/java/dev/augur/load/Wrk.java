package dev.augur.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The load generator. It is wrk and not a client of ours because it takes a small share of the cores that it must share
 * with the server, and because figures of other servers are commonly made with it. Its connections send the next
 * request when they have the last answer; its quantiles count the time that a late answer kept later requests from
 * being sent. Thread-safe.
 */
final class Wrk {
    private static final String SCRIPT = "src/load/rows.lua";
    private static final int CORES_PER_THREAD = 4;
    private static final Pattern RESULT = Pattern.compile("RESULT requests=(\\d+) micros=(\\d+) p50=(\\d+) p99=(\\d+) "
            + "connect=(\\d+) read=(\\d+) write=(\\d+) timeout=(\\d+) status=(\\d+)");
    private static final int FIRST_ERROR = 5;

    private Wrk() {}

    /**
     * The version that is installed.
     *
     * @throws LoadException if none is
     */
    static String version() throws IOException, InterruptedException {
        try {
            return output(List.of("wrk", "-v")).lines().findFirst().orElse("").replaceAll(" Copyright.*", "");
        } catch (IOException e) {
            throw new LoadException(
                    "wrk, the load generator, is not installed: apt-get install wrk (or brew install wrk)");
        }
    }

    /**
     * Posts bodies from that many connections.
     *
     * @throws LoadException if a single request failed or was answered with an error
     */
    static Sample run(Program server, String url, Path bodies, Load load) throws IOException, InterruptedException {
        int threads = Math.min(
                load.connections(), Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_PER_THREAD));
        var command = Stream.of(
                        "wrk",
                        "-t",
                        threads,
                        "-c",
                        load.connections(),
                        "-d",
                        load.seconds() + "s",
                        "--timeout",
                        "10s",
                        "-s",
                        SCRIPT,
                        url,
                        "--",
                        bodies)
                .map(String::valueOf)
                .toList();
        var machine = Machine.now();
        var before = server.cpu();
        var output = output(command);
        var cpu = server.cpu().minus(before);
        double others = Machine.now().othersSince(machine, cpu);
        var result = RESULT.matcher(output);
        if (!result.find()
                || result.group(1).equals("0")
                || IntStream.rangeClosed(FIRST_ERROR, result.groupCount())
                        .anyMatch(i -> !result.group(i).equals("0"))) {
            throw new LoadException(server.name() + " at " + load.connections() + " connections: " + output.strip());
        }
        return new Sample(
                Long.parseLong(result.group(1)),
                Duration.of(Long.parseLong(result.group(2)), ChronoUnit.MICROS),
                cpu,
                new Sample.Seen(Long.parseLong(result.group(3)), Long.parseLong(result.group(4)), others));
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** How much, for how long. */
    record Load(int connections, int seconds) {}
}
