package dev.augur.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * What the processors did since the start of the machine, in ticks of 10 ms, as Linux tells it. Thread-safe.
 *
 * @param all of all processors
 * @param idle of them nobody's
 * @param ours of this process and of the processes that it started and that have ended, as the load generator
 */
record Machine(long all, long idle, long ours) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final Path OWN = Path.of("/proc/self/stat");
    private static final long TICK_MILLIS = 10;
    private static final int TIMES = 8; // user, nice, system, idle, iowait, irq, softirq, steal
    private static final int IDLE = 3;
    private static final int OWN_TIMES = 11; // after the name: utime, stime, and those of ended children
    private static final int OWN_TIMES_END = 15;

    /** The state now; always the same where there is no {@code /proc}. */
    static Machine now() throws IOException {
        if (!Files.exists(STAT)) {
            return new Machine(0, 0, 0);
        }
        var line = Files.readAllLines(STAT).get(0).split(" +", -1);
        long[] times = numbers(line, 1, 1 + TIMES);
        var own = Files.readString(OWN);
        long[] ours = numbers(own.substring(own.lastIndexOf(')') + 2).split(" ", -1), OWN_TIMES, OWN_TIMES_END);
        return new Machine(
                Arrays.stream(times).sum(),
                times[IDLE] + times[IDLE + 1],
                Arrays.stream(ours).sum());
    }

    /** The share of the machine that was busy since an earlier state, but not with us nor with the one measured. */
    double othersSince(Machine earlier, Duration measured) {
        long total = all - earlier.all;
        if (total == 0) {
            return 0;
        }
        long busy = total - (idle - earlier.idle);
        long known = ours - earlier.ours + measured.toMillis() / TICK_MILLIS;
        return Math.max(0, busy - known) / (double) total;
    }

    private static long[] numbers(String[] words, int from, int to) {
        return Arrays.stream(words, from, to).mapToLong(Long::parseLong).toArray();
    }
}
