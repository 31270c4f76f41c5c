package dev.augur.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process that is in RAM. Thread-safe; reads a file of the kernel, which is never waited for. */
public final class ResidentMemory {
    private static final Path PROCESS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIB = 1_024;

    private ResidentMemory() {}

    /** Only Linux tells; 0 elsewhere. */
    public static long bytes() {
        try (var lines = Files.lines(PROCESS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
